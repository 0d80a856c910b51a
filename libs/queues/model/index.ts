export type { JobState } from './job-state';
export {
  FORECASTING_QUEUE,
  LEASE_MS,
  MAX_ATTEMPTS,
  QUEUES,
  retryDelayMs,
  SCHEDULING_QUEUE,
} from './queue-names';
