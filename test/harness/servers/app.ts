import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule } from '#lib/events';
import { ForecastingModule } from '#lib/forecasting';
import { PluginLoader, PluginsModule } from '#lib/plugins';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { CLOCK, SystemClock, type Clock } from '#lib/time';
import { createTestDatabase, type Template } from '../databases/database';
import { TEST_SECRET_KEY } from './secret-key';

/** All domains on a database that only this test uses. */
export interface TestApp {
  get: <T>(service: Type<T>) => T;
  databaseUri: string;
  close: () => Promise<void>;
}

/** What a test application consists of, besides the domains. */
export interface TestAppOptions {
  /** The template to copy the database from; without it, the database is empty. */
  template?: Template;
  /** Another application whose database is used. */
  beside?: TestApp;
  /** Whether it delivers events, like servers and workers. */
  delivers?: boolean;
  /** The clock of its services; that of the system otherwise. */
  clock?: Clock;
}

/** Starts all domains as the apps do, on a new database or on the database of another application. */
export async function startTestApp(
  settings: Partial<Settings> = {},
  { template, beside, delivers = false, clock = new SystemClock() }: TestAppOptions = {},
): Promise<TestApp> {
  const database = beside
    ? { uri: beside.databaseUri, drop: () => Promise.resolve() }
    : await createTestDatabase({ template });
  const module: TestingModule = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({
        ...readSettings({}),
        secretKey: TEST_SECRET_KEY,
        ...settings,
        databaseUri: database.uri,
      }),
      DatabaseModule.forRoot(),
      ...(delivers ? [EventDeliveryModule] : []),
      AccountsModule,
      AssetsModule,
      SensorsModule,
      BeliefsModule,
      AdministrationModule,
      SchedulingModule,
      ForecastingModule,
      PluginsModule.for(new PluginLoader(settings.plugins ?? [])),
    ],
  })
    .overrideProvider(CLOCK)
    .useValue(clock)
    .compile();
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
