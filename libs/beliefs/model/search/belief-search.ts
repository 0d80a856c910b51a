import { DAY_MS, ZoneClock } from '#lib/time';
import type { BeliefColumns } from '../columns/belief-columns';
import { pickBeliefs } from '../columns/belief-columns';
import type { KnowledgeHorizon } from '../knowledge/knowledge-horizon';
import { knowledgeTimesAt } from '../knowledge/knowledge-time';

/** Filters on the beliefs about a sensor; times in epoch ms, bounds inclusive unless noted otherwise. */
export interface BeliefSearchFilter {
  /** Events that start at this moment or later. */
  eventStartsAfterMs?: number;
  /** Events that start before this moment (exclusive). */
  eventStartsBeforeMs?: number;
  /** Events that end at this moment or earlier; an instantaneous event ends when it starts. */
  eventEndsBeforeMs?: number;
  /** Events that end after this moment (exclusive); instantaneous ones also at this moment. */
  eventEndsAfterMs?: number;
  /** Beliefs formed at this moment or earlier (`prior`). */
  beliefsBeforeMs?: number;
  /** Beliefs formed at this moment or later. */
  beliefsAfterMs?: number;
  /** Smallest belief horizon, ms: formed at least this long before the event is known; negative: at most so long after. */
  horizonAtLeastMs?: number;
  horizonAtMostMs?: number;
  /** Beliefs formed at least this long (ms) before the end of their event, however early it becomes known. */
  leadAtLeastMs?: number;
  sourceIds?: readonly number[];
  /** Beliefs whose source has one of these types. */
  sourceTypes?: readonly string[];
}

/** What a search needs to know about the sensor and its sources. */
export interface SearchedSensor {
  resolutionMs: number;
  /** IANA zone on whose clock days are counted; UTC by default. */
  timezone?: string;
  knowledgeHorizon: KnowledgeHorizon;
  /** Type by source id; needed only to filter by type. */
  typeOfSource?: ReadonlyMap<number, string>;
}

/**
 * The beliefs that pass a filter, in their order. The SQL of the repository is tested against this function. Filters
 * always apply before the most recent belief is chosen (see `mostRecentPerEvent`).
 */
export function searchBeliefs(
  beliefs: BeliefColumns,
  sensor: SearchedSensor,
  filter: BeliefSearchFilter,
): BeliefColumns {
  const knowledgeTimes = knowledgeTimesAt(beliefs.eventStarts, sensor.resolutionMs, sensor.knowledgeHorizon);
  const rows: number[] = [];
  for (let row = 0; row < knowledgeTimes.length; row++) {
    const horizon = beliefs.beliefHorizons[row]!;
    const start = beliefs.eventStarts[row]!;
    const beliefTime = knowledgeTimes[row]! - horizon;
    const passes =
      passesEventWindow(start, sensor, filter) &&
      isWithin(beliefTime, filter.beliefsAfterMs, filter.beliefsBeforeMs) &&
      isWithin(start + sensor.resolutionMs - beliefTime, filter.leadAtLeastMs) &&
      isWithin(horizon, filter.horizonAtLeastMs, filter.horizonAtMostMs) &&
      passesSource(beliefs.sourceIds[row]!, sensor, filter);
    if (passes) rows.push(row);
  }
  return pickBeliefs(beliefs, rows);
}

function passesEventWindow(
  start: number,
  { resolutionMs, timezone }: SearchedSensor,
  filter: BeliefSearchFilter,
): boolean {
  const { eventStartsBeforeMs = Infinity, eventEndsAfterMs, eventEndsBeforeMs } = filter;
  const startOf = (endMs: number | undefined, otherwise: number): number =>
    endMs === undefined ? otherwise : startOfEventEnding(endMs, resolutionMs, timezone);
  const after = startOf(eventEndsAfterMs, -Infinity);
  return (
    isWithin(start, filter.eventStartsAfterMs, startOf(eventEndsBeforeMs, Infinity)) &&
    start < eventStartsBeforeMs &&
    (start > after || (resolutionMs === 0 && start === after))
  );
}

/**
 * When an event starts that ends at a moment, epoch ms. Events of days have 23 or 25 hours where the clocks change.
 *
 * @param lengthMs of the event
 * @param zone IANA zone on whose clock days are counted
 */
export function startOfEventEnding(endMs: number, lengthMs: number, zone = 'UTC'): number {
  if (lengthMs === 0 || lengthMs % DAY_MS !== 0) return endMs - lengthMs;
  const clock = new ZoneClock(zone);
  return clock.resolveLocal(clock.instantToLocal(endMs) - lengthMs);
}

function passesSource(
  sourceId: number,
  { typeOfSource }: SearchedSensor,
  { sourceIds, sourceTypes }: BeliefSearchFilter,
): boolean {
  if (sourceIds && !sourceIds.includes(sourceId)) return false;
  return !sourceTypes || sourceTypes.includes(typeOfSource?.get(sourceId) ?? '');
}

function isWithin(value: number, atLeast = -Infinity, atMost = Infinity): boolean {
  return value >= atLeast && value <= atMost;
}
