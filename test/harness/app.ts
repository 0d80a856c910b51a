import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule } from '#lib/events';
import { ForecastingModule } from '#lib/forecasting';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { createTestDatabase } from './database';

/** All domains on a database of their own. */
export interface TestApp {
  get: <T>(service: Type<T>) => T;
  databaseUri: string;
  close: () => Promise<void>;
}

/**
 * Wires all domains as the apps do, on a fresh database, or on that of another app.
 * @param options.delivers whether it delivers events, as servers and workers do
 */
export async function startTestApp(
  settings: Partial<Settings> = {},
  { beside, delivers = false }: { beside?: TestApp; delivers?: boolean } = {},
): Promise<TestApp> {
  const database = beside
    ? { uri: beside.databaseUri, drop: () => Promise.resolve() }
    : await createTestDatabase();
  const module: TestingModule = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({
        ...readSettings({}),
        secretKey: 'test',
        ...settings,
        databaseUri: database.uri,
      }),
      DatabaseModule.forRoot(),
      ...(delivers ? [EventDeliveryModule] : []),
      AccountsModule,
      AssetsModule,
      SensorsModule,
      BeliefsModule,
      SchedulingModule,
      ForecastingModule,
    ],
  }).compile();
  if (delivers) await module.init();
  return {
    get: (service) => module.get(service, { strict: false }),
    databaseUri: database.uri,
    close: async () => {
      await module.close();
      await database.drop();
    },
  };
}
