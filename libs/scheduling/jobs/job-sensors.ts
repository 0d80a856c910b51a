import type { Requester } from '#lib/accounts/model';
import type { Job } from '#lib/queues';
import { findSensorReferences } from '../model/flex/references/sensor-references';
import { requestedOutputs } from '../outputs/schedule-outputs';
import { SCHEDULE_JOB, type ScheduleJob } from '../requests/schedule-job';
import { groupsWithSensor } from '../requests/schedule-request';
import type { ScheduleJobResult } from './schedule.job';

/** Ids of the sensors that a job schedules (`devices`), and of those that it refers to or has read (`sources`). */
export function findJobSensors({ payload, result }: Pick<Job, 'payload' | 'result'>) {
  const { flexModel, parts = [], flexContext } = payload as ScheduleJob;
  // Jobs of earlier versions do not record the sensors that they read.
  const { readSensorIds = [] } = (result ?? {}) as Partial<ScheduleJobResult>;
  const named = findSensorReferences([...flexModel, ...parts, flexContext]).map(({ id }) => id);
  return { devices: flexModel.map(({ sensor }) => sensor), sources: [...named, ...readSensorIds] };
}

/** Whether a job read for this user or for the account of its asset, so that this user could read all of its inputs. */
export function couldReadAll({ payload }: Pick<Job, 'payload'>, requester: Requester): boolean {
  const { userId, deviceTokenId } = payload as ScheduleJob;
  if (requester.assetIds !== undefined && deviceTokenId !== requester.deviceTokenId) return false;
  return userId === undefined || userId === requester.id;
}

/**
 * Ids of the sensors that record something of the schedule of a job. After the job, only those to which something was stored,
 * so not those of inflexible devices.
 */
export function findScheduledSensors({ kind, payload, result }: Job): number[] {
  if (kind !== SCHEDULE_JOB) return [];
  if (result !== null) {
    const { sensorIds, recorded = [] } = result as ScheduleJobResult;
    return [...sensorIds, ...recorded.map(({ sensorId }) => sensorId)];
  }
  const job = payload as ScheduleJob;
  const outputs = requestedOutputs(job).map(({ sensorId }) => sensorId);
  const devices = [...job.flexModel, ...groupsWithSensor(job)].map(({ sensor }) => sensor);
  return [...devices, ...outputs];
}
