import { parseDuration, parseDurationMs, parseInstant, type Duration } from '#lib/time';
import { sensorIdOf } from '../model/flex/power-sensor';
import type { ScheduleJob } from './schedule-job';

/** A flex-model by the names of its fields in the API, with the id of the power sensor of the device. */
export type FlexModelInput = Record<string, unknown> & { sensor: number };

/** An entry of a flex-model that is not a device to schedule: a group, a shared storage, or a measured device. */
export type FlexPartInput = Record<string, unknown> & {
  /** Of a group that is named by its power sensor. */
  sensor?: number;
  asset?: number;
  /** Index in the list of the request. */
  position: number;
};

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
  /** By device: index in the list of the request, if there are other entries as well. */
  positions?: number[];
  /** The other entries of the flex-model. */
  parts?: FlexPartInput[];
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
  const { assetId, flexModel, positions, parts, flexContext, sequential, userId, deviceTokenId } = job;
  return {
    assetId,
    startMs: parseInstant(job.start),
    duration: job.duration === undefined ? undefined : parseDuration(job.duration),
    resolutionMs: job.resolution === undefined ? undefined : parseDurationMs(job.resolution),
    beliefTimeMs: job.beliefTime === undefined ? nowMs : parseInstant(job.beliefTime),
    flexModel,
    positions,
    parts,
    flexContext,
    sequential,
    userId,
    deviceTokenId,
  };
}

/** Path prefix of the fields of a device in a request; empty for requests of one sensor. */
export const devicePath = (
  { assetId, positions }: Pick<SiteScheduleRequest, 'assetId' | 'positions'>,
  index: number,
): string => (assetId === undefined ? '' : `flex-model.${positions?.[index] ?? index}.`);

/** As devicePath, for an entry that is not a device to schedule. */
export const partPath = ({ position }: { position?: number }): string => `flex-model.${position}.`;

/** What an entry that is not a device to schedule is about. */
export function partKind(part: Record<string, unknown>): 'measured device' | 'shared storage' | 'group' {
  if (part['inflexible-consumption'] !== undefined || part['inflexible-production'] !== undefined)
    return 'measured device';
  return sensorIdOf(part['state-of-charge']) === undefined ? 'group' : 'shared storage';
}

/** The id of a group in optimisation problems: that of its power sensor, or of its asset. */
export const groupIdOf = ({ sensor, asset }: Pick<FlexPartInput, 'sensor' | 'asset'>): string =>
  sensor === undefined ? `asset ${asset}` : String(sensor);

/** The entries of groups that are named by their power sensors, in the order of the request. */
export const groupsWithSensor = ({
  parts = [],
}: Pick<SiteScheduleRequest, 'parts'>): (FlexPartInput & { sensor: number })[] =>
  parts.filter(
    (part): part is FlexPartInput & { sensor: number } =>
      part.sensor !== undefined && partKind(part) === 'group',
  );
