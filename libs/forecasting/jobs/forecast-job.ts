import { DomainError } from '#lib/errors';
import { MAX_DATA_AGE_MS } from '../inputs/new-data';

/** Kind of the jobs that compute forecasts of one sensor for one horizon or viewpoint. */
export const FORECAST_JOB = 'forecast';

/** Payload of a forecast job: ids and times, no data. */
export interface ForecastJob {
  sensorId: number;
  /** Start of the first event to forecast, ISO 8601 with time zone. */
  from: string;
  /** Events that start at this time or later are not forecast. */
  until: string;
  /** Horizon of rolling forecasts, ISO 8601. */
  horizon?: string;
  /** Viewpoint of fixed forecasts, instead of a horizon, ISO 8601 with time zone. */
  viewpoint?: string;
  /** Only beliefs up to this time are used, ISO 8601 with time zone; by default the time when the job runs. */
  beliefTime?: string;
  /** Ids of regressors; by default those in the attribute `weather_correlations`. */
  regressors?: number[];
  /** Whether to fit new models. */
  refit?: boolean;
}

/**
 * Validates the payload of a job.
 * @throws DomainError JOB_INVALID with the field
 */
export function parseForecastJob(payload: unknown): ForecastJob {
  const job = payload as Partial<Record<keyof ForecastJob, unknown>> | null;
  if (!Number.isInteger(job?.sensorId)) throw invalid('sensorId', 'a sensor id');
  const made = job?.viewpoint === undefined ? 'horizon' : 'viewpoint';
  for (const field of ['from', 'until', made] as const) {
    if (typeof job?.[field] !== 'string') throw invalid(field, 'an ISO 8601 text');
  }
  const { regressors = [], refit = false, beliefTime } = job ?? {};
  if (beliefTime !== undefined && typeof beliefTime !== 'string')
    throw invalid('beliefTime', 'an ISO 8601 text');
  if (!Array.isArray(regressors) || !regressors.every(Number.isInteger)) {
    throw invalid('regressors', 'a list of sensor ids');
  }
  if (typeof refit !== 'boolean') throw invalid('refit', 'true or false');
  return job as ForecastJob;
}

/**
 * One job for the events of two jobs of the same sensor, and of the same horizon or both with a viewpoint: from the first event
 * to the last one, with the later knowledge. Of the events of a horizon, only the latest two days count, as if all data had
 * come at once: a history that comes day by day is not forecast as a whole.
 */
export function mergeForecastJobs(waiting: ForecastJob, added: ForecastJob): ForecastJob {
  const from = earlier(waiting.from, added.from);
  const until = later(waiting.until, added.until);
  const earliest = new Date(Date.parse(until) - MAX_DATA_AGE_MS).toISOString();
  return {
    ...added,
    from: added.viewpoint === undefined ? later(from, earliest) : from,
    until,
    ...(waiting.viewpoint && added.viewpoint && { viewpoint: later(waiting.viewpoint, added.viewpoint) }),
    ...(waiting.beliefTime &&
      added.beliefTime && { beliefTime: later(waiting.beliefTime, added.beliefTime) }),
    ...((waiting.refit === true || added.refit === true) && { refit: true }),
  };
}

const later = (one: string, other: string): string => (Date.parse(one) > Date.parse(other) ? one : other);
const earlier = (one: string, other: string): string => (later(one, other) === one ? other : one);

const invalid = (field: string, expected: string): DomainError =>
  new DomainError('JOB_INVALID', `The field ${field} of the job must be ${expected}.`, field);
