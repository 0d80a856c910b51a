import type { ForecastJobResult } from '#lib/forecasting';
import type { Job } from '#lib/queues';
import { SCHEDULE_JOB } from '#lib/scheduling';
import type {
  JobCommitment,
  JobConflict,
  JobKpis,
  JobLimit,
  JobWithoutFlexibility,
  ScheduleJobResult,
  ScheduleOutcome,
} from '#lib/scheduling';
import { formatDuration } from '#lib/time';

/** A job as a response of the API, with the fields of FlexMeasures of today in both spellings. */
export function toJobResponse(job: Job) {
  const failureReason = job.failureReason === null ? null : toFailureReason(job.failureReason);
  const createdAt = job.createdAt.toISOString();
  const startedAt = job.startedAt?.toISOString() ?? null;
  const endedAt = job.endedAt?.toISOString() ?? null;
  return {
    id: job.id,
    queue: job.queue,
    state: job.state,
    failure_reason: failureReason,
    result: toResult(job),
    created_at: createdAt,
    started_at: startedAt,
    deadline: job.deadline.toISOString(),
    ended_at: endedAt,
    status: job.state.toUpperCase(),
    message: toMessage(job, failureReason),
    origin: job.queue,
    func_name: job.kind,
    'func-name': job.kind,
    enqueued_at: createdAt,
    'enqueued-at': createdAt,
    'started-at': startedAt,
    'ended-at': endedAt,
    exc_info: failureReason,
    'exc-info': failureReason,
  };
}

function toMessage({ state, queue }: Job, failureReason: string | null): string {
  const name = `${queue.charAt(0).toUpperCase()}${queue.slice(1)} job`;
  switch (state) {
    case 'queued':
      return `${name} waiting to be processed.`;
    case 'started':
      return `${name} in progress.`;
    case 'finished':
      return `${name} has finished.`;
    case 'failed':
      return `${name} failed with ${failureReason}`;
  }
}

function toResult({ kind, result }: Job) {
  if (result === null) return null;
  return kind === SCHEDULE_JOB ? toScheduleResult(result) : toForecastResult(result);
}

/** Names of error codes in the Python version, which clients know. */
const EXCEPTION_NAMES: Record<string, string> = {
  UNKNOWN_MARKET: 'UnknownMarketException',
  UNKNOWN_PRICES: 'UnknownPricesException',
};

/** The failure reason of a job, with the error codes that clients know. */
export const toFailureReason = (reason: string): string =>
  reason.replace(/^\w+(?=: )/, (code) => EXCEPTION_NAMES[code] ?? code);

/** A stored result. Jobs of earlier versions lack the fields that were added later. */
type StoredResult = Omit<ScheduleJobResult, Added> & Partial<Pick<ScheduleJobResult, Added>>;
type Added = 'conflicts' | 'kpis';

function toScheduleResult(stored: unknown) {
  const result = stored as StoredResult;
  const [sensor] = result.sensorIds;
  return {
    ...(result.assetId === undefined ? { sensor } : { asset: result.assetId, sensors: result.sensorIds }),
    start: result.start,
    steps: result.steps,
    resolution: formatDuration(result.stepMs),
    belief_time: result.beliefTime,
    source: result.sourceId,
    ...toOutcomeResponse(result),
  };
}

/** What a schedule costs and does, and what it does not keep. */
export const toOutcomeResponse = (
  outcome: Omit<ScheduleOutcome, Added> & Partial<Pick<ScheduleOutcome, Added>>,
) => ({
  cost: outcome.cost,
  currency: outcome.currency,
  commitments: outcome.commitments.map(toCommitmentResponse),
  gap: outcome.gap,
  fallback_reason: outcome.fallbackReason ?? null,
  conflicts: (outcome.conflicts ?? []).map(toConflictResponse),
  unresolved: outcome.unresolved ?? [],
  resolved: outcome.resolved ?? [],
  kpis: outcome.kpis === undefined ? null : toKpisResponse(outcome.kpis),
  without_flexibility: outcome.withoutFlexibility ? toWithoutResponse(outcome.withoutFlexibility) : null,
  warnings: outcome.warnings,
  remarks: outcome.remarks ?? [],
});

const toWithoutResponse = ({ cost, kpis }: JobWithoutFlexibility) => ({ cost, kpis: toKpisResponse(kpis) });

/** What one term of the site's contract costs, or one limit that was broken; with the sensor of the device it is of. */
export const toCommitmentResponse = ({ commitment, sensorId, cost }: JobCommitment) => ({
  commitment,
  ...(sensorId === undefined ? {} : { sensor: sensorId }),
  cost,
});

function toConflictResponse({ limitedBy, ...conflict }: JobConflict) {
  const { message, kind, from, at, until, unit, wanted, possible, needed, available } = conflict;
  return {
    message,
    kind,
    ...toLimitResponse({ ...conflict, value: undefined }),
    from,
    at,
    until,
    unit,
    wanted,
    possible,
    needed,
    available,
    limited_by: limitedBy.map(toLimitResponse),
  };
}

const toLimitResponse = ({ constraint, sensorId, value }: JobLimit) => ({
  constraint,
  ...(sensorId === undefined ? {} : { sensor: sensorId }),
  ...(value === undefined ? {} : { value }),
});

const toKpisResponse = (kpis: JobKpis) => ({
  consumed_in_mwh: kpis.consumedMwh,
  produced_in_mwh: kpis.producedMwh,
  peak_consumption_in_mw: kpis.peakConsumptionMw,
  peak_production_in_mw: kpis.peakProductionMw,
  self_consumption: kpis.selfConsumption,
  storages: kpis.storages.map(({ sensorId, chargedMwh, dischargedMwh, fullCycles }) => ({
    sensor: sensorId,
    charged_in_mwh: chargedMwh,
    discharged_in_mwh: dischargedMwh,
    full_cycles: fullCycles,
  })),
});

function toForecastResult(stored: unknown) {
  const { sensorId, ...rest } = stored as ForecastJobResult;
  return { sensor: sensorId, ...rest };
}
