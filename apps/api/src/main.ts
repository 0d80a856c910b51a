import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readSettings } from '#lib/config';
import { ApiModule } from './api.module';

async function start(): Promise<void> {
  const settings = readSettings();
  const app = await NestFactory.create(ApiModule, { logger: ['error', 'warn'], abortOnError: false });
  app.enableShutdownHooks();
  await app.listen(settings.port);
  process.stdout.write(`FlexMeasures is up at http://localhost:${settings.port}\n`);
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Error: the server did not start: ${reason}\n`);
  process.exit(1);
});
