export { parseForecastJob, type ForecastJob } from '../../forecasting/jobs/forecast-job';
export { uuidOf } from './job-id';
export type { JobState } from './job-state';
export {
  FORECAST_JOB,
  FORECASTING_QUEUE,
  LEASE_MS,
  MOST_ATTEMPTS,
  QUEUES,
  retryDelayMs,
  SCHEDULE_JOB,
  SCHEDULING_QUEUE,
} from './queue-names';
export { parseScheduleJob, type ScheduleJob } from '../../scheduling/jobs/schedule-job';
