export { Forecaster } from './forecasting';
export type { ForecasterRequest, ForecastSensor } from './forecasting';
export { Scheduler } from './scheduling';
export type {
  PowerEvent,
  PowerSchedule,
  ScheduledSensor,
  SchedulerContext,
  SchedulerRequest,
} from './scheduling';
