import { parseDuration, parseDurationMs, parseInstant, type Duration } from '#lib/time';
import type { ScheduleJob } from './schedule-job';

/** A flex-model by the names of its fields in the API, with the id of the power sensor of the device. */
export type FlexModelInput = Record<string, unknown> & { sensor: number };

/** A request for the schedules of one or several devices. */
export interface SiteScheduleRequest {
  /** The asset whose connection the devices share. Undefined for requests of one sensor, which use its asset. */
  assetId?: number;
  startMs: number;
  /** By default the planning horizon of the settings. */
  duration?: Duration;
  /** Duration of a step; by default the event resolution of the sensors. */
  resolutionMs?: number;
  /** One per device. */
  flexModel: FlexModelInput[];
  flexContext: Record<string, unknown>;
  /** Whether devices are scheduled one after another. */
  sequential?: boolean;
  /** Belief time of the schedule: only beliefs up to this time are used. Epoch milliseconds. */
  beliefTimeMs: number;
  /** Id of the user who asks. Without it, sensors are read with the permissions of the account of the asset. */
  userId?: number;
  /** Id of the device token with which the user asked. */
  deviceTokenId?: number;
}

/**
 * @param nowMs belief time of jobs that have none
 * @throws TimeError for invalid times
 */
export function toScheduleRequest(job: ScheduleJob, nowMs: number): SiteScheduleRequest {
  const { assetId, flexModel, flexContext, sequential, userId, deviceTokenId } = job;
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
    deviceTokenId,
  };
}

/** Path prefix of the fields of a device in a request; empty for requests of one sensor. */
export const devicePath = ({ assetId }: Pick<SiteScheduleRequest, 'assetId'>, index: number): string =>
  assetId === undefined ? '' : `flex-model.${index}.`;
