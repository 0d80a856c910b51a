import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { readSettings } from '#lib/config';
import { openLogs, type Logs } from '#lib/logging';
import { JobsService } from '#lib/queues';
import { createServer } from './create-server';

async function start(): Promise<void> {
  const settings = readSettings();
  const logs = openLogs(settings);
  const app = await createServer(logs);
  await app.init();
  await listen(app.getHttpServer(), settings.port);
  closeOnSignals(app, logs);
  const url = `http://localhost:${settings.port}`;
  process.stdout.write(
    `FlexMeasures is up at ${url}; its API at ${url}/api, with documentation at ${url}/docs\n` +
      `${app.get(JobsService).transportDescription}\n`,
  );
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port);
  await once(server, 'listening').catch((error: unknown) => {
    const isPortInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isPortInUse ? new Error(`port ${port} is in use; set PORT to another one`) : error;
  });
}

/** Shuts down on SIGINT and SIGTERM. Ignores further signals: a terminal sends them to the parent process too. */
function closeOnSignals(app: INestApplication, logs: Logs): void {
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await app.close();
    await logs.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      ending ??= end();
    });
  }
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Error: the server did not start: ${reason}\n`);
  process.exit(1);
});
