import type { ForecastJobResult } from '#lib/forecasting';
import type { Job } from '#lib/queues';
import { SCHEDULE_JOB } from '#lib/queues/model';
import type { CommitmentOfJob, ScheduleJobResult } from '#lib/scheduling';
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
  return kind === SCHEDULE_JOB ? toScheduleResult(result) : toForecastResult(result);
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
  const result = stored as ScheduleJobResult;
  const [sensor] = result.sensorIds;
  return {
    ...(result.assetId === undefined ? { sensor } : { asset: result.assetId, sensors: result.sensorIds }),
    start: result.start,
    steps: result.steps,
    resolution: formatDuration(result.stepMs),
    belief_time: result.beliefTime,
    source: result.sourceId,
    cost: result.cost,
    currency: result.currency,
    commitments: result.commitments.map(toCommitmentResponse),
    gap: result.gap,
    fallback_reason: result.fallbackReason ?? null,
    warnings: result.warnings,
  };
}

/** What one term of the site's contract costs, or one limit that was broken; with the sensor of the device it is of. */
export const toCommitmentResponse = ({ commitment, sensorId, cost }: CommitmentOfJob) => ({
  commitment,
  ...(sensorId === undefined ? {} : { sensor: sensorId }),
  cost,
});

function toForecastResult(stored: unknown) {
  const { sensorId, ...rest } = stored as ForecastJobResult;
  return { sensor: sensorId, ...rest };
}
