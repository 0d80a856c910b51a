import { DomainError } from '#lib/errors';

/** Kind of job on the scheduling queue: schedules of one device, or of several together. */
export const SCHEDULE_JOB = 'schedule';

/** Schedules of one or several devices, as they travel through the queue: ids, times, and fields by their names in the API. */
export interface ScheduleJob {
  /**
   * The asset whose connection the devices share. When not given, one sensor alone was asked for, and its own asset
   * counts.
   */
  assetId?: number;
  /** ISO 8601 with time zone. */
  start: string;
  /** ISO 8601; the default planning horizon when not given. */
  duration?: string;
  /** Length of a step, ISO 8601; that of the sensors' events when not given. */
  resolution?: string;
  /** Moment of scheduling, ISO 8601 with time zone. Jobs of older versions lack it: when the job runs. */
  beliefTime?: string;
  /** One per device: its power sensor's id as `sensor`, and the fields of a flex-model by their names on the wire. */
  flexModel: (Record<string, unknown> & { sensor: number })[];
  /** Fields by their names on the wire. */
  flexContext: Record<string, unknown>;
  /** Whether devices are scheduled one after another, instead of together. */
  sequential?: boolean;
  /** Id of the user who asked; not given for jobs of the host. The job reads what this user may read when it runs. */
  userId?: number;
}

/**
 * Checks what came through the queue.
 * @throws DomainError JOB_INVALID naming the field
 */
export function parseScheduleJob(payload: unknown): ScheduleJob {
  if (!isObject(payload)) throw invalid('job', 'an object');
  const { assetId, flexModel: models, sequential, userId } = payload;
  if (assetId !== undefined && !Number.isInteger(assetId)) throw invalid('assetId', 'an asset id');
  if (userId !== undefined && !Number.isInteger(userId)) throw invalid('userId', 'a user id');
  for (const field of ['start', 'duration', 'resolution', 'beliefTime']) {
    const value = payload[field];
    const isMissing = value === undefined && field !== 'start';
    if (!isMissing && typeof value !== 'string') throw invalid(field, 'an ISO 8601 text');
  }
  if (!Array.isArray(models) || models.length === 0) throw invalid('flexModel', 'a list of flex-models');
  models.forEach((model: unknown, i) => {
    if (!isObject(model) || !Number.isInteger(model['sensor'])) {
      throw invalid(`flexModel.${i}`, 'a flex-model that names its sensor');
    }
  });
  if (assetId === undefined && models.length > 1) throw invalid('assetId', 'an asset id');
  if (!isObject(payload['flexContext'])) throw invalid('flexContext', 'an object');
  if (sequential !== undefined && typeof sequential !== 'boolean')
    throw invalid('sequential', 'true or false');
  return payload as unknown as ScheduleJob;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (field: string, expected: string): DomainError =>
  new DomainError('JOB_INVALID', `The job's ${field} is not ${expected}.`, field);
