export { ActorContext, type Actor } from './actor';
export { DeliveriesRepository, type SubscriptionProgress } from './delivery/deliveries.repository';
export { EventHousekeeping } from './delivery/event-housekeeping';
export { defineEvent, type DomainEvent, type EventType } from './event-type';
export { EventDeliveryModule, EventsModule } from './events.module';
export { EventsRepository, type ReadEvents } from './events.repository';
export { Events } from './events.service';
export { isAfter, parsePosition, START, type Position } from './position';
export { EventSubscriptions } from './subscriptions';
