import { DAY_MS } from '#lib/time';
import { calendarLength } from '../fitting/training';
import { calendarOf } from '../series/calendar';
import type { ForecastData } from '../series/series';
import { HorizonForecaster, noForecasts, type Forecasts, type HorizonOptions } from './horizon-forecaster';

/** Steps to forecast, all as far ahead. */
export interface RollingRequest extends HorizonOptions {
  /** By index in the series; `until` is not included and may lie beyond its end. */
  from: number;
  until: number;
}

/**
 * Forecasts every step of a range as it would have been forecast `horizonSteps` before its end: with what was known
 * then, by a model that is fitted anew every day.
 */
export function rollingForecasts(data: ForecastData, request: RollingRequest): Forecasts {
  const { horizonSteps, from, until } = request;
  const forecasts = noForecasts(from, until, request.quantiles);
  const calendar = calendarOf(data, Math.max(calendarLength(data), until));
  const forecaster = new HorizonForecaster(data, calendar, request, forecasts);
  const day = Math.max(1, Math.round(DAY_MS / data.series.stepMs));
  for (let first = from; first < until; first += day) {
    forecaster.fit(first - horizonSteps);
    for (let target = first; target < Math.min(until, first + day); target++) forecaster.write(target);
  }
  return forecasts;
}
