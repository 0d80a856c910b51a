import { DomainError } from '#lib/errors';

/** Kind of job on the forecasting queue: forecasts of one sensor for one horizon. */
export const FORECAST_JOB = 'forecast';

/** Forecasts of one sensor for one horizon, as they travel through the queue: ids and times, no data. */
export interface ForecastJob {
  sensorId: number;
  /** Start of the first event to forecast, ISO 8601 with time zone. */
  from: string;
  /** Events that start at this moment or later are not forecast. */
  until: string;
  /** How long before the end of its event each forecast is made, ISO 8601. */
  horizon?: string;
  /** Instead of a horizon: the moment from which all forecasts are made, ISO 8601 with time zone. */
  viewpoint?: string;
  /** Only what was known by then counts, ISO 8601 with time zone; when the job runs, if not given. */
  beliefTime?: string;
  /** Ids of sensors whose forecasts help; if not given, those that the sensor's attributes name. */
  regressors?: number[];
  /** Whether models are to be fitted anew. */
  refit?: boolean;
}

/**
 * Checks what came through the queue.
 * @throws DomainError JOB_INVALID naming the field
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

const invalid = (field: string, expected: string): DomainError =>
  new DomainError('JOB_INVALID', `The job's ${field} is not ${expected}.`, field);
