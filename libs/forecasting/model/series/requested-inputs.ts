import { DAY_MS } from '#lib/time';
import { KnownValues } from './known-values';

/** Longest gap in realized values that is filled. */
const MAX_GAP_STEPS = 6;

/**
 * Realized values of another series as inputs of the forecasts of each step, without look-ahead: the latest value that was
 * known `horizonSteps` before the end of the step, and the value at the same time of the latest known day.
 * @param realized one value per step of the forecast series; NaN if unknown
 * @param delaySteps steps after which a value is known, because its event is longer than a step
 */
export function laggedRegressors(
  realized: Float64Array,
  { horizonSteps, delaySteps, stepMs }: { horizonSteps: number; delaySteps: number; stepMs: number },
): Float64Array[] {
  const known = new KnownValues(realized, MAX_GAP_STEPS);
  const lag = horizonSteps + delaySteps;
  const at = (step: number): number => (step < 0 ? NaN : known.at(step, step));
  const latest = realized.map((_, step) => at(step - lag));
  const day = DAY_MS / stepMs;
  if (!Number.isInteger(day)) return [latest];
  const days = Math.ceil(lag / day) * day;
  return [latest, realized.map((_, step) => at(step - days))];
}

/** 1 for steps that start in one of the periods, else 0. */
export function periodsOnSteps(
  periods: readonly { startMs: number; endMs: number }[],
  stepStarts: Float64Array,
): Float64Array {
  return stepStarts.map((startMs) =>
    periods.some((period) => startMs >= period.startMs && startMs < period.endMs) ? 1 : 0,
  );
}

/** The share of unknown values between two steps; `until` is exclusive. 0 if there are no steps. */
export function missingShare(values: Float64Array, from: number, until: number): number {
  const part = values.subarray(Math.max(0, from), Math.max(0, until));
  if (part.length === 0) return 0;
  return part.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0) / part.length;
}
