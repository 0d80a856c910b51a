import { DomainError } from '#lib/errors';

/** Kind of the jobs that compute the forecasts that a user asked for. */
export const REQUESTED_FORECAST_JOB = 'requested-forecast';

/** A sensor that helps to forecast, and whose beliefs about it are used. */
export interface RegressorReference {
  sensor: number;
  /** Ids of the only sources to use. */
  sources?: number[];
  /** Types of the only sources to use. */
  sourceTypes?: string[];
  /** Types of sources that are not used. */
  excludeSourceTypes?: string[];
  /** Ids of the accounts whose users are the only sources to use. */
  sourceAccounts?: number[];
}

/** What annotations that help to forecast are attached to: exactly one of the three. */
export interface AnnotationRegressor {
  account?: number;
  asset?: number;
  sensor?: number;
  type: string;
}

/** How forecasts are made. Durations and times are ISO 8601. */
export interface ForecastConfig {
  /** `naive`: without a model; by default with one. */
  model?: 'linear' | 'naive';
  /** Sensors whose realized values are used. */
  pastRegressors?: RegressorReference[];
  /** Sensors whose forecasts are used. */
  futureRegressors?: RegressorReference[];
  /** Sensors of which both are used. */
  regressors?: RegressorReference[];
  annotationRegressors?: AnnotationRegressor[];
  trainStart?: string;
  trainPeriod?: string;
  maxTrainingPeriod?: string;
  retrainFrequency?: string;
  /** Largest share of the training data that may be missing, from 0 to 1. */
  missingThreshold?: number;
  /** Bounds of the forecasts: numbers in the unit of the sensor, or quantities such as `2 kW`. */
  lower?: number | string;
  upper?: number | string;
  /** Intervals by the value that replaces forecasts within them. */
  snap?: Record<string, [number | string, number | string]>;
}

/** Payload of a job: what a user asked for. Durations and times are ISO 8601. */
export interface RequestedForecast {
  sensorId: number;
  /** Id of the user who asked. The job has the user's permissions at the time it runs. */
  userId: number;
  /** Id of the device token with which the user asked; the job has its limits. */
  deviceTokenId?: number;
  /** Events that start from `start` on and before `end` are forecast. */
  start: string;
  end: string;
  frequency: string;
  maxHorizon: string;
  /** Only data that was recorded until then is used; by default until the time of the request. */
  prior?: string;
  askedAt: string;
  /** Belief time of the first viewpoint. */
  beliefTime: string;
  /** Whether only expected values are stored, without prediction intervals. */
  isDeterministic?: boolean;
  config: ForecastConfig;
}

/**
 * Validates the payload of a job.
 * @throws DomainError JOB_INVALID with the field
 */
export function parseRequestedForecast(payload: unknown): RequestedForecast {
  const job = payload as Partial<Record<keyof RequestedForecast, unknown>> | null;
  for (const field of ['sensorId', 'userId'] as const)
    if (!Number.isInteger(job?.[field])) throw invalid(field, 'an id');
  if (job?.deviceTokenId !== undefined && !Number.isInteger(job.deviceTokenId))
    throw invalid('deviceTokenId', 'an id');
  for (const field of ['start', 'end', 'frequency', 'maxHorizon', 'askedAt', 'beliefTime'] as const)
    if (typeof job?.[field] !== 'string') throw invalid(field, 'an ISO 8601 text');
  if (typeof job?.config !== 'object' || job.config === null) throw invalid('config', 'an object');
  return job as RequestedForecast;
}

/** Ids of the sensors that a request refers to, besides the one to forecast. */
export function referencedSensors({ config }: RequestedForecast): number[] {
  const { pastRegressors = [], futureRegressors = [], regressors = [], annotationRegressors = [] } = config;
  return [
    ...[...pastRegressors, ...futureRegressors, ...regressors].map(({ sensor }) => sensor),
    ...annotationRegressors.flatMap(({ sensor }) => sensor ?? []),
  ];
}

const invalid = (field: string, expected: string): DomainError =>
  new DomainError('JOB_INVALID', `The field ${field} of the job must be ${expected}.`, field);
