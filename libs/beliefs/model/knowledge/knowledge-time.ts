import type { Pausable } from '#lib/concurrency';
import { DAY_MS, HOUR_MS, parseDurationMs, parseInstant, ZoneClock } from '#lib/time';
import type { KnowledgeHorizon } from './knowledge-horizon';

/** Knowledge time (epoch ms) of an event that starts at `eventStart` (epoch ms). */
type KnowledgeRule = (eventStart: number) => number;

/**
 * The moment from which an event is known.
 *
 * @param eventStart epoch ms
 * @param resolutionMs length of the sensor's events; 0 when instantaneous
 * @returns epoch ms
 */
export function knowledgeTimeAt(eventStart: number, resolutionMs: number, horizon: KnowledgeHorizon): number {
  return knowledgeRule(resolutionMs, horizon)(eventStart);
}

/** `knowledgeTimeAt` for many events, in epoch ms; aligned with `eventStarts`. */
export function knowledgeTimesAt(
  eventStarts: Float64Array,
  resolutionMs: number,
  horizon: KnowledgeHorizon,
): Float64Array {
  const rule = knowledgeRule(resolutionMs, horizon);
  const times = new Float64Array(eventStarts.length);
  for (let i = 0; i < times.length; i++) times[i] = rule(eventStarts[i]!);
  return times;
}

/** Events whose knowledge time is found between two pauses. */
const EVENTS_AT_ONCE = 8192;

/**
 * Belief times (epoch ms) of beliefs with `beliefHorizons`, with pauses.
 *
 * @param eventStarts epoch ms, aligned with `beliefHorizons` (ms)
 */
export function* beliefTimesInSteps(
  eventStarts: Float64Array,
  beliefHorizons: Float64Array,
  resolutionMs: number,
  horizon: KnowledgeHorizon,
): Pausable<Float64Array> {
  const knowledgeTimeOf = knowledgeRule(resolutionMs, horizon);
  const times = new Float64Array(eventStarts.length);
  for (let row = 0; row < times.length; row++) {
    times[row] = knowledgeTimeOf(eventStarts[row]!) - beliefHorizons[row]!;
    if (row % EVENTS_AT_ONCE === EVENTS_AT_ONCE - 1) yield;
  }
  return times;
}

/**
 * Belief horizons (ms, knowledge time minus belief time) of beliefs formed at `beliefTimes`.
 *
 * @param eventStarts epoch ms
 * @param beliefTimes epoch ms: one for all, or one per event
 */
export function beliefHorizonsAt(
  eventStarts: Float64Array,
  beliefTimes: Float64Array | number,
  resolutionMs: number,
  horizon: KnowledgeHorizon,
): Float64Array {
  const horizons = knowledgeTimesAt(eventStarts, resolutionMs, horizon);
  for (let i = 0; i < horizons.length; i++) {
    horizons[i]! -= typeof beliefTimes === 'number' ? beliefTimes : beliefTimes[i]!;
  }
  return horizons;
}

/**
 * Lower and upper limit of the knowledge horizon (event start minus knowledge time, ms) of all events. A belief formed at
 * or before T satisfies `eventStart - knowledgeHorizon - beliefHorizon <= T`, so with these limits a search on belief
 * time can use an index on event start and belief horizon before it computes any knowledge time. Equal limits mean that
 * the knowledge horizon is the same for all events.
 */
export function knowledgeHorizonBounds(
  resolutionMs: number,
  horizon: KnowledgeHorizon,
): { minMs: number; maxMs: number } {
  switch (horizon.fnc) {
    case 'ex_post':
    case 'ex_ante': {
      const knownBeforeMs = -knowledgeTimeAt(0, resolutionMs, horizon) + 0;
      return { minMs: knownBeforeMs, maxMs: knownBeforeMs };
    }
    case 'at_date':
      return { minMs: -Infinity, maxMs: Infinity };
    case 'x_days_ago_at_y_oclock': {
      const { x, y } = horizon.par;
      // Clocks change by an hour or two between the two days, and by a whole day where a zone crossed the date line.
      const clockChangesMs = DAY_MS;
      return {
        minMs: x * DAY_MS - y * HOUR_MS - clockChangesMs,
        maxMs: (x + 1) * DAY_MS - y * HOUR_MS + clockChangesMs,
      };
    }
  }
}

function knowledgeRule(resolutionMs: number, horizon: KnowledgeHorizon): KnowledgeRule {
  switch (horizon.fnc) {
    case 'ex_post': {
      const afterStartMs = resolutionMs + parseDurationMs(horizon.par.ex_post_horizon ?? 'PT0H');
      return (eventStart) => eventStart + afterStartMs;
    }
    case 'ex_ante': {
      const beforeStartMs = parseDurationMs(horizon.par.ex_ante_horizon);
      return (eventStart) => eventStart - beforeStartMs;
    }
    case 'at_date': {
      const knowledgeTime = parseInstant(horizon.par.knowledge_time);
      return () => knowledgeTime;
    }
    case 'x_days_ago_at_y_oclock':
      return daysAgoRule(horizon.par.x, horizon.par.y, new ZoneClock(horizon.par.z));
  }
}

/**
 * Events of one local day have the same knowledge time, so it is computed once per run of events of a day. Of an hour
 * that occurs twice the first counts; a skipped hour moves forward with the clocks.
 */
function daysAgoRule(days: number, hour: number, clock: ZoneClock): KnowledgeRule {
  let cachedDay = NaN;
  let cachedTime = NaN;
  return (eventStart) => {
    const day = Math.floor(clock.instantToLocal(eventStart) / DAY_MS);
    if (day !== cachedDay) {
      cachedDay = day;
      cachedTime = clock.resolveLocal((day - days) * DAY_MS + Math.round(hour * HOUR_MS));
    }
    return cachedTime;
  };
}
