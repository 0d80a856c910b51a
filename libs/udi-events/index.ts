export { UdiEvent } from './udi-event.entity';
export { UdiEventsModule } from './udi-events.module';
export type { UdiEventName } from './udi-events.repository';
export { UdiEventsService } from './udi-events.service';
