import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ApiUser } from '../http/auth/authentication/api-user';
import { unprocessable } from '../http/errors/api-error';
import { Operation } from '../http/schema/operation';
import { validationPipe } from '../http/schema/validation';
import { EventStreamQuery, explainEventId, ResumesByHeader, toIds } from './event-streams.dto';
import { EventStreams } from './event-streams.service';
import { StreamFilters } from './stream-filters.service';

/** What happens, as server-sent events. */
@Controller('api/v3_0/events')
export class EventStreamsController {
  constructor(
    private readonly filters: StreamFilters,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @Operation('streamEvents', { deviceScope: 'read', mediaType: 'text/event-stream', errors: [403, 422, 429] })
  @ResumesByHeader()
  async stream(
    @Query(validationPipe('query')) query: EventStreamQuery,
    @Headers('last-event-id') header: string | undefined,
    @Req() request: Request & { user: ApiUser },
    @Res() response: Response,
  ): Promise<void> {
    const reason = header === undefined ? undefined : explainEventId(header);
    if (reason !== undefined) throw unprocessable('query', { 'Last-Event-ID': [reason] });
    const { sensor, asset, last_event_id: parameter, follow: isFollowed = true } = query;
    const [sensors, assets] = [sensor, asset].map((ids) => (ids === undefined ? undefined : toIds(ids)));
    const filter = await this.filters.check(request.user, sensors, assets);
    // A browser that connects again repeats the address, and the header has the newer id.
    await this.streams.open(request, response, {
      ...{ filter, after: header ?? parameter },
      isFollowed: isFollowed && request.method !== 'HEAD',
    });
  }
}
