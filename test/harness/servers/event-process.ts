import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule, EventsModule, EventSubscriptions } from '#lib/events';

/** The event services of a process, without any domain. */
export interface EventProcess {
  get: <T>(service: Type<T>) => T;
  stop: () => Promise<void>;
}

/**
 * Starts the event services of a process, with separate connections. With subscriptions it delivers events, like servers
 * and workers; without, it only emits them, like commands.
 */
export async function startEventProcess(
  databaseUri: string,
  subscribe?: (subscriptions: EventSubscriptions) => void,
  settings: Partial<Settings> = {},
): Promise<EventProcess> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({ ...readSettings({}), ...settings, databaseUri }),
      DatabaseModule.forRoot(),
      subscribe ? EventDeliveryModule : EventsModule,
    ],
  }).compile();
  module.useLogger(false);
  subscribe?.(module.get(EventSubscriptions, { strict: false }));
  await module.init();
  return { get: (service) => module.get(service, { strict: false }), stop: () => module.close() };
}
