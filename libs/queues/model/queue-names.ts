/** Queue of jobs that compute schedules. */
export const SCHEDULING_QUEUE = 'scheduling';

/** Queue of jobs that compute forecasts. */
export const FORECASTING_QUEUE = 'forecasting';

/** All queues. */
export const QUEUES = [SCHEDULING_QUEUE, FORECASTING_QUEUE];

/**
 * Maximum number of attempts of a job. It is tried again after a transient failure (for example a restart of the database)
 * and after its worker died. Other failures are final.
 */
export const MAX_ATTEMPTS = 5;

/** Duration of the lease of a worker on a job, if the worker does not renew it. */
export const LEASE_MS = 10_000;

/** Delay before the next attempt: 1, 2, 4, ... seconds, at most 30. */
export const retryDelayMs = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), 30_000);
