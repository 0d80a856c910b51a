import { DAY_MS, WEEK_MS } from '#lib/time';
import type { KnownValues } from './known-values';
import type { RegularSeries } from './series';

/** How a value can be guessed without a model. */
export const NAIVE_METHODS = ['last-value', 'same-time-yesterday', 'same-time-last-week'] as const;
export type NaiveMethod = (typeof NAIVE_METHODS)[number];

/**
 * The value to expect at `target` when everything up to `horizonSteps` before it is known: the last one, or that of the
 * same time on the latest day (or in the latest week) that is known. NaN when that is unknown.
 */
export function naiveForecast(
  method: NaiveMethod,
  { stepMs }: RegularSeries,
  known: KnownValues,
  target: number,
  horizonSteps: number,
): number {
  const last = target - horizonSteps;
  if (method === 'last-value') {
    const at = known.lastKnown(last);
    return at < 0 ? NaN : known.at(at, last);
  }
  const period = (method === 'same-time-yesterday' ? DAY_MS : WEEK_MS) / stepMs;
  if (!Number.isInteger(period)) return NaN;
  return known.at(target - period * Math.max(1, Math.ceil(horizonSteps / period)), last);
}
