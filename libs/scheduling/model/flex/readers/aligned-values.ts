import { formatInstant } from '#lib/time';
import { countSteps, describeGaps } from '../../problem/fill-prices';
import type { Precedence } from '../values/entries-series';
import { meansInSteps, strictestInSteps, type ValueInterval, valuesAtEnds } from '../values/intervals';
import type { FlexSources, FlexWindow } from './flex-sources';

/** How values are aligned to steps. */
export interface Alignment {
  /** Whether the values are those of a stock at the ends of steps. */
  atEnds?: boolean;
  /** Which value holds in a step with several; their mean if not given (at the ends of steps, the latest). */
  precedence?: Precedence;
}

/** One value per step, NaN where unknown: the same for a constant, a series and a sensor that say the same. */
export function align(
  intervals: readonly ValueInterval[],
  window: FlexWindow,
  { atEnds, precedence }: Alignment,
): Float64Array {
  if (atEnds) return valuesAtEnds(intervals, window, precedence ?? 'latest');
  return precedence ? strictestInSteps(intervals, window, precedence) : meansInSteps(intervals, window);
}

/**
 * Warns of steps in which the sensor of a field has no value, and says what is used there.
 *
 * @param values one per step, NaN where unknown
 * @param what the values are, such as "values of soc-min (sensor 5)"
 * @param first the first interval that is known, which may be before the window
 */
export function warnOfGaps(
  { warn, window }: FlexSources,
  values: Float64Array,
  what: string,
  [first]: readonly ValueInterval[],
): void {
  const { startMs, timezone } = window;
  const gap = values.findIndex((value) => !Number.isNaN(value));
  const unknown = gap < 0 ? values.length : gap;
  const isCarried = unknown > 0 && first !== undefined && first.startMs < startMs;
  if (isCarried) {
    const time = formatInstant(first.startMs, timezone);
    warn(
      `No ${what} known for the first ${countSteps(unknown)}: the last known value before, of ${time}, was used.`,
    );
  }
  if (gap >= 0) {
    const rest = isCarried ? values.subarray(gap) : values;
    for (const warning of describeGaps(rest, what, 'value')) warn(warning);
  } else if (!isCarried) warn(`No ${what} known: it was ignored.`);
}
