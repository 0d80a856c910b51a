import { DAY_MS } from '#lib/time';
import { calendarLength } from '../fitting/training';
import { buildCalendar } from '../series/calendar';
import type { ForecastData } from '../series/series';
import { HorizonForecaster, noForecasts, type Forecasts, type HorizonOptions } from './horizon-forecaster';

/** Steps to forecast, all with the same horizon. */
export interface RollingRequest extends HorizonOptions {
  /** Indices in the series; `until` is exclusive and may be beyond the end of the series. */
  from: number;
  until: number;
}

/**
 * Forecasts every step of a range from the values that were known `horizonSteps` before its end, with a model that is fitted
 * every day.
 */
export function rollingForecasts(data: ForecastData, request: RollingRequest): Forecasts {
  const { horizonSteps, from, until } = request;
  const forecasts = noForecasts(from, until, request.quantiles);
  const calendar = buildCalendar(data, Math.max(calendarLength(data), until));
  const forecaster = new HorizonForecaster(data, calendar, request, forecasts);
  const day = Math.max(1, Math.round(DAY_MS / data.series.stepMs));
  for (let first = from; first < until; first += day) {
    forecaster.fit(first - horizonSteps);
    for (let target = first; target < Math.min(until, first + day); target++) forecaster.write(target);
  }
  return forecasts;
}
