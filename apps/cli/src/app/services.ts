import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openHost, type Host } from '#lib/plugins';
import { DomainError, errorMessage } from '#lib/errors';
import { ActorContext } from '#lib/events';
import { CliModule } from './cli.module';
import { CommandLog } from './command-log';
import { commandName, systemUserName } from './command-name';

/** Returns a service of any domain. */
export type Services = <T>(service: Type<T>) => T;

/** Runs `work` with the services of all domains, and closes their connections afterwards. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const host = openHost();
  return runWithApp(host, CliModule.forRoot(host), work);
}

/** As `withServices`, for commands that queue jobs. */
export async function withJobs<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const { CliJobsModule } = await import('./cli-jobs.module.js');
  const host = openHost();
  return runWithApp(host, await CliJobsModule.forRoot(host), work);
}

async function runWithApp<T>(
  { settings }: Host,
  module: DynamicModule,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const log = new CommandLog(settings);
  try {
    return await runInContext(module, log, work);
  } catch (error) {
    const text = `The command "${commandName()}" failed: ${errorMessage(error)}`;
    // Expected failures are mostly mistakes in the options.
    if (error instanceof DomainError) log.warn(text, 'Command');
    else log.error(text, error instanceof Error ? error.stack : undefined, 'Command');
    throw error;
  } finally {
    await log.close();
  }
}

async function runInContext<T>(
  module: DynamicModule,
  logger: CommandLog,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
  try {
    logger.log(`The command "${commandName()}" starts.`, 'Command');
    const services: Services = (service) => app.get(service, { strict: false });
    return await services(ActorContext).run({ command: commandName(), systemUser: systemUserName() }, () =>
      work(services),
    );
  } finally {
    await app.close();
  }
}
