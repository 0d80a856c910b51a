import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openHost } from '#lib/plugins';
import { ActorContext } from '#lib/events';
import { CliModule } from './cli.module';
import { commandName, systemUserName } from './command-name';

/** Returns a service of any domain. */
export type Services = <T>(service: Type<T>) => T;

/** Runs `work` with the services of all domains, and closes their connections afterwards. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  return runWithApp(CliModule.forRoot(openHost()), work);
}

/** As `withServices`, for commands that queue jobs. */
export async function withJobs<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const { CliJobsModule } = await import('./cli-jobs.module.js');
  return runWithApp(await CliJobsModule.forRoot(openHost()), work);
}

async function runWithApp<T>(module: DynamicModule, work: (services: Services) => Promise<T>): Promise<T> {
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  try {
    const services: Services = (service) => app.get(service, { strict: false });
    return await services(ActorContext).run({ command: commandName(), systemUser: systemUserName() }, () =>
      work(services),
    );
  } finally {
    await app.close();
  }
}
