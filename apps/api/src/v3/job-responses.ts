import type { ForecastJobResult } from '#lib/forecasting';
import type { Job } from '#lib/queues';
import { STORAGE_SCHEDULE_JOB } from '#lib/queues/model';
import type { StorageScheduleJobResult } from '#lib/scheduling';
import { formatDuration } from '#lib/time';

/** A job as the API shows it. */
export const toJobResponse = (job: Job) => ({
  id: job.id,
  queue: job.queue,
  state: job.state,
  failure_reason: job.failureReason === null ? null : toFailureReason(job.failureReason),
  result: toResult(job),
  created_at: job.createdAt.toISOString(),
  started_at: job.startedAt?.toISOString() ?? null,
  ended_at: job.endedAt?.toISOString() ?? null,
});

function toResult({ kind, result }: Job) {
  if (result === null) return null;
  return kind === STORAGE_SCHEDULE_JOB ? toScheduleResult(result) : toForecastResult(result);
}

/** By what name clients know some failures. */
const FAILURES: Record<string, string> = {
  UNKNOWN_MARKET: 'UnknownMarketException',
  UNKNOWN_PRICES: 'UnknownPricesException',
};

/** Why a job failed, for people. */
export const toFailureReason = (reason: string): string =>
  reason.replace(/^\w+(?=: )/, (code) => FAILURES[code] ?? code);

function toScheduleResult(stored: unknown) {
  const result = stored as StorageScheduleJobResult;
  return {
    sensor: result.sensorId,
    start: result.start,
    steps: result.steps,
    resolution: formatDuration(result.stepMs),
    belief_time: result.beliefTime,
    source: result.sourceId,
    cost: result.cost,
    currency: result.currency,
    fallback_reason: result.fallbackReason ?? null,
    warnings: result.warnings,
  };
}

function toForecastResult(stored: unknown) {
  const { sensorId, ...rest } = stored as ForecastJobResult;
  return { sensor: sensorId, ...rest };
}
