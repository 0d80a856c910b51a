import { join } from 'node:path';
import type { Calculation } from '#lib/compute/model';
import { calculateForecasts, type Forecasts, type ForecastTask } from '../model';

/** Injection token of the calculator that runs forecast calculations. */
export const CALCULATOR = Symbol('FORECAST_CALCULATOR');

/** Computes forecasts, in a worker thread if there is one, because fitting would block the event loop. */
export const FORECAST_CALCULATION: Calculation<ForecastTask, Forecasts> = {
  module: join(__dirname, '..', 'model', 'index.js'),
  name: 'calculateForecasts',
  calculate: calculateForecasts,
};
