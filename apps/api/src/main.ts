import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { readSettings } from '#lib/config';
import { createServer } from './server/create-server';

async function start(): Promise<void> {
  const { port } = readSettings();
  const app = await createServer(['error', 'warn']);
  await app.init();
  await listen(app.getHttpServer(), port);
  process.stdout.write(`FlexMeasures is up at http://localhost:${port}\n`);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port);
  await once(server, 'listening').catch((error: unknown) => {
    const isPortInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isPortInUse ? new Error(`port ${port} is in use; PORT names another`) : error;
  });
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Error: the server did not start: ${reason}\n`);
  process.exit(1);
});
