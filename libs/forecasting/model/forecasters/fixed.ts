import { HOUR_MS } from '#lib/time';
import { calendarLength } from '../fitting/training';
import { calendarOf } from '../series/calendar';
import type { ForecastData } from '../series/series';
import { HorizonForecaster, noForecasts, type Forecasts, type HorizonOptions } from './horizon-forecaster';

/** A horizon that a model is fitted for, with the regressors as they were known so long before. */
export interface Rung {
  horizonSteps: number;
  regressors?: readonly Float64Array[];
}

/** Steps to forecast from one moment. */
export interface FixedRequest extends Omit<HorizonOptions, 'horizonSteps'> {
  /** Index of the last step that is known. */
  lastKnown: number;
  /** By index in the series; `until` is not included. `from` comes after the last known step. */
  from: number;
  until: number;
  /** By horizon, the shortest first. */
  rungs: readonly Rung[];
}

const LADDER_HOURS = [1, 2, 3, 6, 12, 24, 48];
const DAY_HOURS = 24;

/**
 * Horizons, in steps, by which everything up to `leadSteps` ahead is forecast: a few, as each needs a model of its own,
 * and close to each other where a little nearer makes a difference.
 */
export function ladderOf(leadSteps: number, stepMs: number): number[] {
  const ladder: number[] = [];
  for (let i = 0; (ladder[ladder.length - 1] ?? 0) < leadSteps; i++) {
    const last = LADDER_HOURS.length - 1;
    const hours = LADDER_HOURS[i] ?? LADDER_HOURS[last]! + (i - last) * DAY_HOURS;
    const steps = Math.max(1, Math.round((hours * HOUR_MS) / stepMs));
    if (steps > (ladder[ladder.length - 1] ?? 0)) ladder.push(steps);
  }
  return ladder;
}

/**
 * Forecasts every step of a range as it can be forecast when nothing after `lastKnown` is known: by the model of the
 * shortest horizon that reaches it. Steps beyond the longest horizon get no forecast.
 */
export function fixedForecasts(data: ForecastData, request: FixedRequest): Forecasts {
  const { lastKnown, from, until, rungs } = request;
  const forecasts = noForecasts(from, until, request.quantiles);
  const calendar = calendarOf(data, Math.max(calendarLength(data), until));
  let target = from;
  for (const { horizonSteps, regressors = [] } of rungs) {
    const end = Math.min(until, lastKnown + horizonSteps + 1);
    if (target >= end) continue;
    const options = { ...request, horizonSteps };
    const forecaster = new HorizonForecaster({ ...data, regressors }, calendar, options, forecasts);
    forecaster.fit(lastKnown);
    for (; target < end; target++) forecaster.write(target, target - lastKnown);
  }
  return forecasts;
}
