import { parseDuration, parseDurationMs, parseInstant, type Duration } from '#lib/time';
import type { ScheduleJob } from './schedule-job';

/** Fields of a flex-model by their names in the API, with the id of the power sensor of the device. */
export type DeviceFlexModel = Record<string, unknown> & { sensor: number };

/** Schedules that are asked for. */
export interface SiteScheduleRequest {
  /**
   * The asset whose connection the devices share. When not given, one sensor alone was asked for, and its own asset
   * counts.
   */
  assetId?: number;
  startMs: number;
  /** The default planning horizon when not given. */
  duration?: Duration;
  /** Length of a step; that of the sensors' events when not given. */
  resolutionMs?: number;
  /** One per device. */
  flexModel: DeviceFlexModel[];
  flexContext: Record<string, unknown>;
  /** Whether devices are scheduled one after another. */
  sequential?: boolean;
  /** Moment of scheduling: only what was known by then counts. Epoch milliseconds. */
  beliefTimeMs: number;
  /** Id of the user who asks. Without one, sensors are read as the account of the asset may read them. */
  userId?: number;
}

/**
 * @param nowMs belief time of jobs that have none
 * @throws TimeError for times that cannot be read
 */
export function toScheduleRequest(job: ScheduleJob, nowMs: number): SiteScheduleRequest {
  const { assetId, flexModel, flexContext, sequential, userId } = job;
  return {
    assetId,
    startMs: parseInstant(job.start),
    duration: job.duration === undefined ? undefined : parseDuration(job.duration),
    resolutionMs: job.resolution === undefined ? undefined : parseDurationMs(job.resolution),
    beliefTimeMs: job.beliefTime === undefined ? nowMs : parseInstant(job.beliefTime),
    flexModel,
    flexContext,
    sequential,
    userId,
  };
}

/** The path of a device's fields in a request, before the field: empty where one sensor alone was asked for. */
export const pathOfDevice = ({ assetId }: SiteScheduleRequest, index: number): string =>
  assetId === undefined ? '' : `flex-model.${index}.`;
