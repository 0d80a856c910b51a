import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule, EventsModule, EventSubscriptions } from '#lib/events';

/** What a process has of events, without any domain. */
export interface EventProcess {
  get: <T>(service: Type<T>) => T;
  stop: () => Promise<void>;
}

/**
 * Wires events as a process does, with connections of its own. A process that subscribes delivers events, as servers and
 * workers do; another one only emits them, as commands do.
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

/** Asks again and again until the answer is right; fails with the last one after some time. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isRight: (found: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (isRight(found)) return found;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(found)} after ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
