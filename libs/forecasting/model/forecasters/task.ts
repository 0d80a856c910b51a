import type { ForecastData } from '../series/series';
import { fixedForecasts, type FixedRequest } from './fixed';
import type { Forecasts } from './horizon-forecaster';
import { rollingForecasts, type RollingRequest } from './rolling';

/** Input of the forecast calculation in a thread. */
export type ForecastTask = { data: ForecastData } & ({ rolling: RollingRequest } | { fixed: FixedRequest });

export function calculateForecasts(task: ForecastTask): Promise<Forecasts> {
  return Promise.resolve(
    'rolling' in task ? rollingForecasts(task.data, task.rolling) : fixedForecasts(task.data, task.fixed),
  );
}
