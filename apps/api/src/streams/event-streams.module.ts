import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { EventsModule } from '#lib/events';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../http/auth/auth.module';
import { LongResponsesModule } from '../http/server/long-responses';
import { EventReader } from './event-reader';
import { EventStreamsController } from './event-streams.controller';
import { EventStreams } from './event-streams.service';
import { StreamFilters } from './stream-filters.service';
import { SubjectLookup } from './subject-lookup.service';

/** Server-sent events. */
@Module({
  imports: [AssetsModule, AuthModule, EventsModule, LongResponsesModule, SensorsModule],
  controllers: [EventStreamsController],
  providers: [EventReader, EventStreams, StreamFilters, SubjectLookup],
})
export class EventStreamsModule {}
