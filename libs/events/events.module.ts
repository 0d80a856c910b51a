import { Global, Module } from '@nestjs/common';
import { ActorContext } from './actor';
import { DeliveriesRepository } from './deliveries.repository';
import { EventDelivery } from './event-delivery';
import { EventHousekeeping } from './event-housekeeping';
import { EventSignal } from './event-signal';
import { EventsRepository } from './events.repository';
import { Events } from './events.service';
import { NoticeReader } from './notice-reader';
import { EventSubscriptions } from './subscriptions';
import { WorkReader } from './work-reader';
import { WorkRunner } from './work-runner';

const PROVIDERS = [
  ActorContext,
  DeliveriesRepository,
  Events,
  EventsRepository,
  EventSignal,
  EventSubscriptions,
];

/** Emits events and registers subscriptions. For all processes. */
@Global()
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class EventsModule {}

/** Delivers events to the subscriptions. For long-running processes: servers and workers. */
@Module({
  imports: [EventsModule],
  providers: [EventDelivery, EventHousekeeping, NoticeReader, WorkReader, WorkRunner],
})
export class EventDeliveryModule {}
