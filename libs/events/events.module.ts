import { Global, Module } from '@nestjs/common';
import { ActorContext } from './actor';
import { DeliveriesRepository } from './delivery/deliveries.repository';
import { EventDelivery } from './delivery/event-delivery';
import { EventHousekeeping } from './delivery/event-housekeeping';
import { EventSignal } from './event-signal';
import { EventsRepository } from './events.repository';
import { Events } from './events.service';
import { NoticeReader } from './delivery/notice-reader';
import { EventSubscriptions } from './subscriptions';
import { WorkReader } from './delivery/work-reader';
import { WorkRounds } from './delivery/work-rounds';
import { WorkRunner } from './delivery/work-runner';

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
  providers: [EventDelivery, EventHousekeeping, NoticeReader, WorkReader, WorkRounds, WorkRunner],
})
export class EventDeliveryModule {}
