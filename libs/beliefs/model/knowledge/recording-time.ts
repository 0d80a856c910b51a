import { DAY_MS } from '#lib/time';
import type { KnowledgeHorizon } from './knowledge-horizon';
import { beliefHorizonsAt } from './knowledge-time';

/** What is further from the fact has no datetime that every reader of beliefs could write. */
export const LONGEST_HORIZON_MS = 100 * 366 * DAY_MS;

/** When beliefs were formed, as a message or command says. */
export interface RecordingTime {
  /** One moment for all, epoch ms. */
  priorMs?: number;
  /** So long before each event becomes known; negative after it. */
  horizonMs?: number;
  /** The moment for beliefs of which neither is said, epoch ms. */
  nowMs: number;
}

/**
 * Belief horizons (ms) of beliefs about events. With both a prior and a horizon the earlier of the two moments counts
 * for each event, which is the larger horizon.
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
  return horizonMs === undefined ? horizons : horizons.map((horizon) => Math.max(horizon, horizonMs));
}
