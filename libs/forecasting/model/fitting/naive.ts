import { DAY_MS, WEEK_MS } from '#lib/time';
import { sameLocalTime, type Calendar } from '../series/calendar';
import type { KnownValues } from '../series/known-values';

/** How a value can be guessed without a model. */
export const NAIVE_METHODS = ['last-value', 'same-time-yesterday', 'same-time-last-week'] as const;
export type NaiveMethod = (typeof NAIVE_METHODS)[number];

/** What guesses are made from: a series as it was known, and its local times. */
export interface NaiveInputs {
  known: KnownValues;
  stepMs: number;
  calendar: Pick<Calendar, 'offsetSteps'>;
}

/**
 * The value to expect at `target` when everything up to `horizonSteps` before it is known: the last one, or that of the
 * same local time on the latest day (or in the latest week) that is known. NaN when that is unknown.
 */
export function naiveForecast(
  method: NaiveMethod,
  { known, stepMs, calendar }: NaiveInputs,
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
  const periods = Math.max(1, Math.ceil(horizonSteps / period));
  return known.at(sameLocalTime(calendar, target, { periods, period, last }), last);
}
