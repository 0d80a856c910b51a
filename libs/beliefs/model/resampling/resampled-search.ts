import { ceilToStep, DAY_MS, floorToStep, HOUR_MS } from '#lib/time';
import { pickBeliefs, type BeliefColumns } from '../columns/belief-columns';
import type { BeliefSearchFilter } from '../search/belief-search';

/** Which events to search, by their start and end; see BeliefSearchFilter. */
export type EventBounds = Pick<BeliefSearchFilter, 'eventStartsAfterMs' | 'eventEndsBeforeMs'>;

/** How the length of events changes; lengths in ms, and the zone on whose clock longer events start. */
interface LengthChange {
  fromMs: number;
  toMs: number;
  zone: string;
}

/**
 * The search for the events that are needed to resample what is within bounds.
 *
 * - Longer events are made of all of their parts, so only those that lie within the bounds as a whole are searched.
 * - Shorter events may be parts of an event that starts before the bounds or ends after them. `withinBounds` must be
 *   applied to them.
 */
export function searchToResample<T extends EventBounds>(
  search: T,
  { fromMs, toMs, zone }: LengthChange,
): T & BeliefSearchFilter {
  const { eventStartsAfterMs: startMs, eventEndsBeforeMs: endMs } = search;
  if (toMs > fromMs) {
    return {
      ...search,
      eventStartsAfterMs: startMs === undefined ? undefined : ceilToStep(startMs, toMs, zone),
      eventEndsBeforeMs: endMs === undefined ? undefined : floorToStep(endMs, toMs, zone),
    };
  }
  // When the clocks change, an event of a day can end later than its length says.
  const extraMs = fromMs > HOUR_MS ? DAY_MS : 0;
  return {
    ...search,
    eventStartsAfterMs: undefined,
    eventEndsAfterMs: startMs === undefined ? undefined : startMs - extraMs,
    eventEndsBeforeMs: undefined,
    eventStartsBeforeMs: endMs,
  };
}

/** The beliefs about events of a length that start and end within bounds. */
export function withinBounds(
  beliefs: BeliefColumns,
  { eventStartsAfterMs = -Infinity, eventEndsBeforeMs = Infinity }: EventBounds,
  lengthMs: number,
): BeliefColumns {
  const rows: number[] = [];
  beliefs.eventStarts.forEach((start, row) => {
    if (start >= eventStartsAfterMs && start + lengthMs <= eventEndsBeforeMs) rows.push(row);
  });
  return rows.length === beliefs.eventStarts.length ? beliefs : pickBeliefs(beliefs, rows);
}
