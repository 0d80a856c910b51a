import type { ForecastData } from '../series/series';
import { fixedForecasts, type FixedRequest } from './fixed';
import type { Forecasts } from './horizon-forecaster';
import { rollingForecasts, type RollingRequest } from './rolling';

/** Forecasts to make, as threads take them. */
export type ForecastTask = { data: ForecastData } & ({ rolling: RollingRequest } | { fixed: FixedRequest });

export function calculateForecasts(task: ForecastTask): Promise<Forecasts> {
  return Promise.resolve(
    'rolling' in task ? rollingForecasts(task.data, task.rolling) : fixedForecasts(task.data, task.fixed),
  );
}
