/** Queue of schedules to compute. */
export const SCHEDULING_QUEUE = 'scheduling';

/** Queue of forecasts to compute. */
export const FORECASTING_QUEUE = 'forecasting';

/** All queues. */
export const QUEUES = [SCHEDULING_QUEUE, FORECASTING_QUEUE];

/**
 * How often a job is begun at most: again after a failure that passes (a database that restarts), and after its worker
 * died. Other failures are final.
 */
export const MOST_ATTEMPTS = 5;

/** How long a worker that gives no sign of life keeps the job it has begun. */
export const LEASE_MS = 10_000;

/** How long to wait before the next attempt: 1, 2, 4, ... seconds, at most 30. */
export const retryDelayMs = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), 30_000);
