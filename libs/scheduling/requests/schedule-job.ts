import { DomainError } from '#lib/errors';

/** Kind of the jobs that compute schedules of one or several devices. */
export const SCHEDULE_JOB = 'schedule';

/** Payload of a schedule job: ids, times, flex-models and flex-context by their names in the API, no data. */
export interface ScheduleJob {
  /** The asset whose connection the devices share. Undefined for requests of one sensor, which use its asset. */
  assetId?: number;
  /** ISO 8601 with time zone. */
  start: string;
  /** ISO 8601; by default the planning horizon of the settings. */
  duration?: string;
  /** Duration of a step, ISO 8601; by default the event resolution of the sensors. */
  resolution?: string;
  /** Belief time of the schedule, ISO 8601 with time zone. Jobs of older versions lack it: the time when the job runs. */
  beliefTime?: string;
  /** One flex-model per device, with the field names of the API and the id of the power sensor as `sensor`. */
  flexModel: (Record<string, unknown> & { sensor: number })[];
  /** By device: index in the list of the request, if the request has other entries as well. */
  positions?: number[];
  /** Entries of the request that are not devices to schedule: groups, shared storages and measured devices. */
  parts?: (Record<string, unknown> & { sensor?: number; asset?: number; position: number })[];
  /** The flex-context, with the field names of the API. */
  flexContext: Record<string, unknown>;
  /** Whether devices are scheduled one after another instead of together. */
  sequential?: boolean;
  /** Id of the user who asked; undefined for jobs of the host. The job has the user's permissions at the time it runs. */
  userId?: number;
  /** Id of the device token with which the user asked; the job has its limits. */
  deviceTokenId?: number;
}

/**
 * Validates the payload of a job.
 * @throws DomainError JOB_INVALID with the field
 */
export function parseScheduleJob(payload: unknown): ScheduleJob {
  if (!isObject(payload)) throw invalid('job', 'an object');
  const { assetId, flexModel: models, sequential, userId, deviceTokenId } = payload;
  if (assetId !== undefined && !Number.isInteger(assetId)) throw invalid('assetId', 'an asset id');
  if (userId !== undefined && !Number.isInteger(userId)) throw invalid('userId', 'a user id');
  if (deviceTokenId !== undefined && !Number.isInteger(deviceTokenId))
    throw invalid('deviceTokenId', 'a token id');
  for (const field of ['start', 'duration', 'resolution', 'beliefTime']) {
    const value = payload[field];
    const isMissing = value === undefined && field !== 'start';
    if (!isMissing && typeof value !== 'string') throw invalid(field, 'an ISO 8601 text');
  }
  if (!Array.isArray(models) || models.length === 0) throw invalid('flexModel', 'a list of flex-models');
  models.forEach((model: unknown, i) => {
    if (!isObject(model) || !Number.isInteger(model['sensor'])) {
      throw invalid(`flexModel.${i}`, 'a flex-model with a sensor id');
    }
  });
  if (assetId === undefined && models.length > 1) throw invalid('assetId', 'an asset id');
  const { parts = [], positions = [] } = payload;
  if (!Array.isArray(parts) || !parts.every((part) => isObject(part) && Number.isInteger(part['position'])))
    throw invalid('parts', 'a list of entries with their positions');
  if (!Array.isArray(positions) || !positions.every(Number.isInteger))
    throw invalid('positions', 'a list of numbers');
  if (!isObject(payload['flexContext'])) throw invalid('flexContext', 'an object');
  if (sequential !== undefined && typeof sequential !== 'boolean')
    throw invalid('sequential', 'true or false');
  return payload as unknown as ScheduleJob;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (field: string, expected: string): DomainError =>
  new DomainError('JOB_INVALID', `The field ${field} of the job must be ${expected}.`, field);
