import type { BeliefSearch } from '#lib/beliefs';
import { parseInstant } from '#lib/time';
import { unprocessable } from '../../http/errors/api-error';
import type { StatsQuery } from './sensor-stats.dto';

const OTHER_NAMES = { event_start_time: 'event_starts_after', event_end_time: 'event_ends_before' } as const;

/**
 * The events of a query for statistics. `event_end_time` includes the event that goes on at this time, as in FlexMeasures;
 * `event_ends_before` does not.
 * @throws ApiError 422 if a bound is given twice
 */
export function toStatsSearch(query: StatsQuery): BeliefSearch {
  for (const [name, other] of Object.entries(OTHER_NAMES) as [keyof typeof OTHER_NAMES, keyof StatsQuery][])
    if (query[name] !== undefined && query[other] !== undefined)
      throw unprocessable('query', { [name]: [`Send either ${name} or ${other}.`] });
  const { event_starts_after: after, event_ends_before: before } = query;
  const { event_start_time: start = after, event_end_time: end } = query;
  return {
    eventStartsAfterMs: toMs(start),
    eventStartsBeforeMs: toMs(end),
    eventEndsBeforeMs: toMs(before),
  };
}

const toMs = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseInstant(text);
