import './packed-modules';
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { SolverPool } from '#lib/compute';
import { ConfigError, findIneffective, requireForProduction } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { closeOnSignals, openLogs } from '#lib/logging';
import { JobAnnouncements } from '#lib/queues';
import { openHost } from '#lib/plugins';
import { BullWorker, type WorkerOptions } from '#lib/queues/redis';
import { SchedulerModule } from './scheduler.module';

async function start(): Promise<void> {
  const host = openHost();
  const { settings, source } = host;
  requireForProduction(source, settings.environment);
  for (const sentence of findIneffective(source)) process.stderr.write(`Warning: ${sentence}\n`);
  if (!settings.redis) throw new ConfigError('FLEXMEASURES_REDIS_URL', 'a worker needs a Redis server');
  const logs = openLogs(settings);
  const app = await NestFactory.createApplicationContext(SchedulerModule.forRoot(host, options()), {
    logger: logs.nest,
    abortOnError: false,
  });
  closeOnSignals(app, logs);
  app.get(JobAnnouncements).print = (line) => process.stdout.write(`${line}\n`);
  await app.get(SolverPool).warmUp();
  const queues = app.get(BullWorker, { strict: false }).servedQueues;
  process.stdout.write(`The worker takes jobs from queue ${queues.join(' and ')}.\n`);
}

/** Options of the command line: `--queue` (several separated by |) and `--name` of the worker. */
function options(): WorkerOptions {
  const { values } = parseArgs({ options: { queue: { type: 'string' }, name: { type: 'string' } } });
  return { queues: values.queue?.split('|') ?? [], name: values.name };
}

start().catch((error: unknown) => {
  const reason = errorMessage(error);
  process.stderr.write(`Error: the worker did not start: ${reason}\n`);
  process.exit(1);
});
