import { DAY_MS } from '#lib/time';
import type { KnowledgeHorizon } from './knowledge-horizon';
import { beliefHorizonsAt } from './knowledge-time';

/** Largest belief horizon: with a larger one, the belief time could be beyond what ISO 8601 datetimes can express. */
export const LONGEST_HORIZON_MS = 100 * 366 * DAY_MS;

/** When beliefs were formed, as given in a message or command. */
export interface RecordingTime {
  /** The same moment for all beliefs, epoch ms. */
  priorMs?: number;
  /** Time before each event becomes known, ms; negative after it. */
  horizonMs?: number;
  /** The moment if neither is given, epoch ms. */
  nowMs: number;
}

/**
 * Belief horizons (ms) of beliefs about events. With both a prior and a horizon, the earlier of the two moments counts
 * for each event: the larger horizon.
 *
 * @param eventStarts epoch ms
 * @param resolutionMs length of the sensor's events
 */
export function recordedHorizons(
  eventStarts: Float64Array,
  { priorMs, horizonMs, nowMs }: RecordingTime,
  resolutionMs: number,
  knowledgeHorizon: KnowledgeHorizon,
): Float64Array {
  if (priorMs === undefined && horizonMs !== undefined) {
    return new Float64Array(eventStarts.length).fill(horizonMs);
  }
  const horizons = beliefHorizonsAt(eventStarts, priorMs ?? nowMs, resolutionMs, knowledgeHorizon);
  if (horizonMs === undefined) return horizons;
  for (let i = 0; i < horizons.length; i++) horizons[i] = Math.max(horizons[i]!, horizonMs);
  return horizons;
}
