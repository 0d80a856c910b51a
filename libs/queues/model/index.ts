export { parseForecastJob, type ForecastJob } from './forecast-job';
export { uuidOf } from './job-id';
export type { JobState } from './job-state';
export {
  FORECAST_JOB,
  FORECASTING_QUEUE,
  LEASE_MS,
  MOST_ATTEMPTS,
  QUEUES,
  retryDelayMs,
  SCHEDULING_QUEUE,
  SITE_SCHEDULE_JOB,
  STORAGE_SCHEDULE_JOB,
} from './queue-names';
export { parseStorageScheduleJob, type StorageScheduleJob } from './storage-schedule-job';
export { parseSiteScheduleJob, type SiteScheduleJob } from './site-schedule-job';
