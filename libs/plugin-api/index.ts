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
export { setTaskRecorder, taskWithStatusReport } from './tasks';
export type { TaskRun } from './tasks';
