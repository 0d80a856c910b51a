import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readSettings } from '#lib/config';
import { openLogs } from '#lib/logging';
import { SchedulerModule } from './scheduler.module';

async function start(): Promise<void> {
  const app = await NestFactory.createApplicationContext(SchedulerModule, {
    logger: openLogs(readSettings()).nest,
    abortOnError: false,
  });
  app.enableShutdownHooks();
  process.stdout.write('The worker takes jobs from queue scheduling.\n');
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Error: the worker did not start: ${reason}\n`);
  process.exit(1);
});
