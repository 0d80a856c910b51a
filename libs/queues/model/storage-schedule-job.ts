import { DomainError } from '#lib/errors';

/** A schedule for one storage device, as it travels through the queue: ids and times, no data. */
export interface StorageScheduleJob {
  sensorId: number;
  /** ISO 8601 with time zone. */
  start: string;
  /** ISO 8601; the default planning horizon when not given. */
  duration?: string;
  /** Moment of scheduling, ISO 8601 with time zone; when the job runs, if not given. */
  beliefTime?: string;
  flexModel: {
    socAtStart?: string | number;
    socUnit?: string;
    socMin?: string | number;
    socMax?: string | number;
    socTargets?: { value: string | number; datetime: string }[];
    roundtripEfficiency?: string | number;
    preferChargingSooner?: boolean;
  };
  flexContext: {
    consumptionPriceSensorId?: number;
    productionPriceSensorId?: number;
    inflexibleDeviceSensorIds?: number[];
  };
}

/**
 * Checks what came through the queue.
 * @throws DomainError JOB_INVALID naming the field
 */
export function parseStorageScheduleJob(payload: unknown): StorageScheduleJob {
  const job = objectAt(payload, 'job');
  if (!Number.isInteger(job['sensorId'])) throw invalid('sensorId', 'a sensor id');
  for (const field of ['start', 'duration', 'beliefTime']) {
    const value = job[field];
    const isMissing = value === undefined && field !== 'start';
    if (!isMissing && typeof value !== 'string') throw invalid(field, 'an ISO 8601 text');
  }
  objectAt(job['flexModel'], 'flexModel');
  objectAt(job['flexContext'], 'flexContext');
  return job as unknown as StorageScheduleJob;
}

function objectAt(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid(field, 'an object');
}

const invalid = (field: string, expected: string): DomainError =>
  new DomainError('JOB_INVALID', `The job's ${field} is not ${expected}.`, field);
