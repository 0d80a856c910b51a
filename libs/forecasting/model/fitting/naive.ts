import { DAY_MS, WEEK_MS } from '#lib/time';
import { stepAtSameLocalTime, type Calendar } from '../series/calendar';
import type { KnownValues } from '../series/known-values';

/** Methods to forecast a value without a model. */
export const NAIVE_METHODS = ['last-value', 'same-time-yesterday', 'same-time-last-week'] as const;
export type NaiveMethod = (typeof NAIVE_METHODS)[number];

/** How many days or weeks are searched for a known value. */
const EARLIER_PERIODS = { 'same-time-yesterday': 7, 'same-time-last-week': 4 };

/** Inputs of naive forecasts: a series as it was known, and its local times. */
export interface NaiveInputs {
  known: KnownValues;
  stepMs: number;
  calendar: Pick<Calendar, 'offsetSteps'>;
}

/**
 * The naive forecast of `target` from values up to `horizonSteps` before it: the last known value, or the value of the same
 * local time on the latest day or in the latest week with a known value. Where up to a week of days (or four weeks) has
 * none, the value interpolated across the gap; NaN if there is none either.
 */
export function naiveForecast(
  method: NaiveMethod,
  { known, stepMs, calendar }: NaiveInputs,
  target: number,
  horizonSteps: number,
): number {
  const last = target - horizonSteps;
  if (method === 'last-value') {
    const at = known.findLastKnown(last);
    return at < 0 ? NaN : known.at(at, last);
  }
  const period = (method === 'same-time-yesterday' ? DAY_MS : WEEK_MS) / stepMs;
  if (!Number.isInteger(period)) return NaN;
  const periods = Math.max(1, Math.ceil(horizonSteps / period));
  const stepBack = (earlier: number): number =>
    stepAtSameLocalTime(calendar, target, { periods: periods + earlier, period, last });
  for (let earlier = 0; earlier < EARLIER_PERIODS[method]; earlier++) {
    const step = stepBack(earlier);
    if (known.isKnown(step)) return known.at(step, last);
  }
  return known.at(stepBack(0), last);
}
