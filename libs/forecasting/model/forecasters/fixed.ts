import { HOUR_MS } from '#lib/time';
import { calendarLength } from '../fitting/training';
import { buildCalendar } from '../series/calendar';
import type { ForecastData } from '../series/series';
import { HorizonForecaster, noForecasts, type Forecasts, type HorizonOptions } from './horizon-forecaster';

/** A horizon that gets its own model, with the regressors as they were known this horizon before each step. */
export interface HorizonInputs {
  horizonSteps: number;
  regressors?: readonly Float64Array[];
}

/** Steps to forecast with a fixed viewpoint. */
export interface FixedRequest extends Omit<HorizonOptions, 'horizonSteps'> {
  /** Index of the last known step. */
  lastKnownStep: number;
  /** Indices in the series; `until` is exclusive. `from` is after the last known step. */
  from: number;
  until: number;
  /** The horizons, shortest first. */
  horizons: readonly HorizonInputs[];
}

const HORIZON_HOURS = [1, 2, 3, 6, 12, 24, 48];
const DAY_HOURS = 24;

/**
 * The horizons, in steps, for forecasts up to `leadSteps` ahead. Each horizon needs its own model, so there are only a few;
 * short horizons are closer together, because accuracy changes more there.
 */
export function selectHorizons(leadSteps: number, stepMs: number): number[] {
  const horizons: number[] = [];
  for (let i = 0; (horizons[horizons.length - 1] ?? 0) < leadSteps; i++) {
    const last = HORIZON_HOURS.length - 1;
    const hours = HORIZON_HOURS[i] ?? HORIZON_HOURS[last]! + (i - last) * DAY_HOURS;
    const steps = Math.max(1, Math.round((hours * HOUR_MS) / stepMs));
    if (steps > (horizons[horizons.length - 1] ?? 0)) horizons.push(steps);
  }
  return horizons;
}

/**
 * Forecasts every step of a range from values up to `lastKnownStep`, with the model of the shortest horizon that reaches the
 * step. Steps beyond the longest horizon get no forecast.
 */
export function fixedForecasts(data: ForecastData, request: FixedRequest): Forecasts {
  const { lastKnownStep, from, until, horizons } = request;
  const forecasts = noForecasts(from, until, request.quantiles);
  const calendar = buildCalendar(data, Math.max(calendarLength(data), until));
  let target = from;
  for (const { horizonSteps, regressors = [] } of horizons) {
    const end = Math.min(until, lastKnownStep + horizonSteps + 1);
    if (target >= end) continue;
    const options = { ...request, horizonSteps };
    const forecaster = new HorizonForecaster({ ...data, regressors }, calendar, options, forecasts);
    forecaster.fit(lastKnownStep);
    for (; target < end; target++) forecaster.write(target, target - lastKnownStep);
  }
  return forecasts;
}
