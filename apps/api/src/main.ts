import './packed-modules';
import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { AuthenticationService, TOY_USER } from '#lib/accounts';
import {
  describePlaces,
  findIneffective,
  findMissing,
  isLoopback,
  publicUrl,
  requireForProduction,
  type Settings,
  type SettingSource,
} from '#lib/config';
import { getDatabaseUri, Migrator, SchemaState } from '#lib/database';
import { errorMessage } from '#lib/errors';
import { closeOnSignals, openLogs } from '#lib/logging';
import { openHost } from '#lib/plugins';
import { JobsService } from '#lib/queues';
import { createServer } from './create-server';

async function start(): Promise<void> {
  const host = openHost();
  const { settings, source } = host;
  requireForProduction(source, settings.environment);
  const logs = openLogs(settings);
  const app = await createServer(host, logs);
  await prepareSchema(app, settings);
  await app.init();
  await listen(app.getHttpServer(), settings);
  closeOnSignals(app, logs);
  const url = publicUrl(settings);
  process.stdout.write(
    `FlexMeasures is up at ${url}; its API at ${url}/api, with documentation at ${url}/docs\n` +
      `It listens on ${settings.host}, port ${settings.port}${isLoopback(settings.host) ? ', for this machine only' : ''}.\n` +
      `${app.get(JobsService).transportDescription}\n`,
  );
  reportSettings(source);
  if (!isLoopback(settings.host)) await warnAboutToyPassword(app);
}

/**
 * Upgrades the schema of the embedded database, which belongs to this installation and must match the code. Warns about a
 * missing or old schema of another database. The server starts anyway; its health check answers 503 until the upgrade.
 */
async function prepareSchema(app: INestApplication, settings: Settings): Promise<void> {
  const problem = await app.get(SchemaState).findProblem();
  if (problem === undefined) return;
  if (settings.databaseUri !== undefined) {
    process.stderr.write(`Warning: ${problem}\n`);
    return;
  }
  const applied = await new Migrator(await getDatabaseUri(settings)).upgrade();
  process.stdout.write(`Applied ${applied.length} migrations to the embedded database.\n`);
}

/** Says where settings were looked for, which are missing, and which have no effect. */
function reportSettings(source: SettingSource): void {
  const missing = findMissing(source);
  process.stdout.write(
    `${describePlaces(source)}${missing.length > 0 ? ` Not set: ${missing.join(', ')}.` : ''}\n`,
  );
  for (const sentence of findIneffective(source)) process.stderr.write(`Warning: ${sentence}\n`);
}

/** Warns if the user of the toy account has the password of the documentation. */
async function warnAboutToyPassword(app: INestApplication): Promise<void> {
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
    throw isPortInUse ? new Error(`port ${port} is in use; set PORT to another one`) : error;
  });
}

/** Prints all routes, for `flexmeasures routes`. */
async function printRoutes(): Promise<void> {
  const { listRoutes } = await import('./route-list.js');
  const routes = await listRoutes(openHost());
  const width = Math.max(...routes.map(({ path }) => path.length));
  for (const { method, path, controller } of routes)
    process.stdout.write(`${method.padEnd(7)} ${path.padEnd(width)}  ${controller}\n`);
}

const run = process.argv.includes('--routes') ? printRoutes : start;
run().catch((error: unknown) => {
  const reason = errorMessage(error);
  process.stderr.write(`Error: the server did not start: ${reason}\n`);
  process.exit(1);
});
