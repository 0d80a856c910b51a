import type { BeliefColumns } from '../columns/belief-columns';
import { mostRecentPerEventAndSource } from '../columns/most-recent';
import { searchBeliefs, type SearchedSensor } from './belief-search';

/**
 * Each source's most recent belief about each event, as seen at a fixed time before the event became known: what a
 * forecaster with that horizon could use.
 *
 * @param horizonMs positive before the event becomes known, negative after it
 */
export function rollingViewpoint(
  beliefs: BeliefColumns,
  sensor: SearchedSensor,
  horizonMs: number,
): BeliefColumns {
  return mostRecentPerEventAndSource(searchBeliefs(beliefs, sensor, { horizonAtLeastMs: horizonMs }));
}

/**
 * Each source's most recent belief about each event, as seen at one moment.
 *
 * @param viewpointMs epoch ms; beliefs formed by then count
 * @param notBeforeMs epoch ms; beliefs formed earlier do not count
 */
export function fixedViewpoint(
  beliefs: BeliefColumns,
  sensor: SearchedSensor,
  viewpointMs: number,
  notBeforeMs?: number,
): BeliefColumns {
  const known = searchBeliefs(beliefs, sensor, { beliefsBeforeMs: viewpointMs, beliefsAfterMs: notBeforeMs });
  return mostRecentPerEventAndSource(known);
}
