import { join } from 'node:path';
import type { Calculation } from '#lib/compute/model';
import { calculateForecasts, type Forecasts, type ForecastTask } from '../model';

/** Injection token of who carries calculations out. */
export const CALCULATOR = Symbol('FORECAST_CALCULATOR');

/** Fitting takes long enough to keep others waiting: it is done in a thread where there is one. */
export const FORECASTS: Calculation<ForecastTask, Forecasts> = {
  module: join(__dirname, '..', 'model', 'index.js'),
  name: 'calculateForecasts',
  calculate: calculateForecasts,
};
