import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { AuthenticationService, TOY_USER } from '#lib/accounts';
import { isLoopback, publicUrl, readSettings, type Settings } from '#lib/config';
import { getDatabaseUri, Migrator, SchemaState } from '#lib/database';
import { openLogs, type Logs } from '#lib/logging';
import { JobsService } from '#lib/queues';
import { createServer } from './create-server';

async function start(): Promise<void> {
  const settings = readSettings();
  const logs = openLogs(settings);
  if (settings.databaseUri === undefined) await upgradeEmbeddedDatabase(settings);
  const app = await createServer(logs);
  await warnOfSchema(app);
  await app.init();
  await listen(app.getHttpServer(), settings);
  endWith(app, logs);
  const url = publicUrl(settings);
  process.stdout.write(
    `FlexMeasures is up at ${url}; its API at ${url}/api, with documentation at ${url}/docs\n` +
      `It listens on ${settings.host}, port ${settings.port}${isLoopback(settings.host) ? ', for this machine only' : ''}.\n` +
      `${app.get(JobsService).transportDescription}\n`,
  );
  if (!isLoopback(settings.host)) await warnOfToyPassword(app);
}

/** The embedded database belongs to this installation, and has the schema of its code. */
async function upgradeEmbeddedDatabase(settings: Settings): Promise<void> {
  const applied = await new Migrator(await getDatabaseUri(settings)).upgrade();
  if (applied.length > 0)
    process.stdout.write(`Applied ${applied.length} migrations to the embedded database.\n`);
}

/** The server starts without a schema, and says that it is not ready until it is there. */
async function warnOfSchema(app: INestApplication): Promise<void> {
  const problem = await app.get(SchemaState).findProblem();
  if (problem !== undefined) process.stderr.write(`Warning: ${problem}\n`);
}

/** The password of the toy account is in the documentation. */
async function warnOfToyPassword(app: INestApplication): Promise<void> {
  if (!(await app.get(AuthenticationService).isToyPasswordValid())) return;
  process.stderr.write(
    `Warning: ${TOY_USER.email} still has the documented password, and the server can be reached from other machines. ` +
      'Change the password, delete the user, or set HOST to 127.0.0.1.\n',
  );
}

async function listen(server: Server, { host, port }: Settings): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening').catch((error: unknown) => {
    const isPortInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isPortInUse ? new Error(`port ${port} is in use; PORT names another`) : error;
  });
}

/** Ends the process properly; further signals change nothing, as terminals send them to us and to who started us. */
function endWith(app: INestApplication, logs: Logs): void {
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
