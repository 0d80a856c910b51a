import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CliModule } from './cli.module';

/** Finds a service of any domain. */
export type Services = <T>(service: Type<T>) => T;

/** Runs `work` with the services of all domains, and closes their connections afterwards. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const app = await NestFactory.createApplicationContext(CliModule, { logger: false, abortOnError: false });
  try {
    return await work((service) => app.get(service, { strict: false }));
  } finally {
    await app.close();
  }
}
