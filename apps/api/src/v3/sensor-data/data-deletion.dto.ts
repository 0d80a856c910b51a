import type { Request } from 'express';
import { DomainError } from '#lib/errors';
import { formatDuration, parseInstant } from '#lib/time';
import { JSON_TYPES } from '../../http/bodies/media-type.guard';
import { rejected, unprocessable } from '../../http/errors/api-error';
import { Field } from '../../http/schema/field';
import { instant, integer } from '../../http/schema/kinds';

/** Which data of a sensor to delete; all of it without fields. */
export class DataDeletion {
  @Field(instant(), { optional: true })
  start?: string;

  @Field(instant(), { optional: true })
  until?: string;

  @Field(integer({ minimum: 1 }), { optional: true })
  source?: number;
}

/** The period of a deletion, epoch milliseconds. */
interface DeletedPeriod {
  startMs?: number;
  untilMs?: number;
}

/**
 * The period of a deletion.
 * @throws DomainError INVALID_WINDOW if no event of the sensor fits into the period
 */
export function toDeletedPeriod({ start, until }: DataDeletion, eventResolutionMs: number): DeletedPeriod {
  const startMs = start === undefined ? undefined : parseInstant(start);
  const untilMs = until === undefined ? undefined : parseInstant(until);
  if (startMs !== undefined && untilMs !== undefined && untilMs - startMs < eventResolutionMs) {
    const message =
      eventResolutionMs === 0
        ? 'Must not be before start.'
        : `Must be at least ${formatDuration(eventResolutionMs)} after start, the duration of an event.`;
    throw new DomainError('INVALID_WINDOW', message, 'until');
  }
  return { startMs, untilMs };
}

/**
 * Rejects fields of a deletion in the query, and bodies that are not read: if they were ignored, more data would be deleted
 * than asked for.
 * @throws ApiError 422 with the fields, 415 for bodies that are not JSON
 */
export function checkDeletion(request: Pick<Request, 'query' | 'is'>): void {
  if (request.is(JSON_TYPES) === false)
    throw rejected(415, 'INVALID_REQUEST', 'The header Content-Type must be application/json.');
  const given = ['start', 'until', 'source'].filter((field) => field in request.query);
  if (given.length === 0) return;
  throw unprocessable(
    'query',
    Object.fromEntries(given.map((field) => [field, ['Send it in the JSON body.']])),
  );
}
