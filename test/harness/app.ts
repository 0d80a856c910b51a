import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { ForecastingModule } from '#lib/forecasting';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { createTestDatabase, type Template } from './database';

/** All domains on a database of their own. */
export interface TestApp {
  get: <T>(service: Type<T>) => T;
  databaseUri: string;
  close: () => Promise<void>;
}

/** Wires all domains as the apps do, on a fresh database: an empty one, or a copy of a template's. */
export async function startTestApp(settings: Partial<Settings> = {}, template?: Template): Promise<TestApp> {
  const database = await createTestDatabase({ template });
  const module: TestingModule = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({
        ...readSettings({}),
        secretKey: 'test',
        ...settings,
        databaseUri: database.uri,
      }),
      DatabaseModule.forRoot(),
      AccountsModule,
      AssetsModule,
      SensorsModule,
      BeliefsModule,
      SchedulingModule,
      ForecastingModule,
    ],
  }).compile();
  return {
    get: (service) => module.get(service, { strict: false }),
    databaseUri: database.uri,
    close: async () => {
      await module.close();
      await database.drop();
    },
  };
}
