import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { JobsService, type Job } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { SensorAccess, SensorsService, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { digest, fingerprintInputs } from '../inputs/input-fingerprint';
import { SiteInputs, type ValidatedRequest } from '../inputs/site-inputs';
import { findSensorReferences } from '../model/flex/references/sensor-references';
import { recordedSign } from '../model/flex/outputs';
import { recordedEvents, requestedOutputs, signOfSensor } from '../outputs/schedule-outputs';
import type { StoredOutput } from '../schedules/schedule-recorder';
import { parseScheduleJob, SCHEDULE_JOB, type ScheduleJob } from '../requests/schedule-job';
import { groupsWithSensor, type SiteScheduleRequest, toScheduleRequest } from '../requests/schedule-request';
import type { JobCommitment, ScheduleJobResult } from './schedule.job';

/** State of a requested schedule. */
export type ScheduleState<Schedule> =
  | { state: 'unknown' }
  | { state: 'queued'; deadline: Date }
  | { state: 'started' }
  | { state: 'failed'; reason: string }
  | { state: 'finished'; schedule: Schedule };

/** A schedule in its sensor's unit and resolution, consumption positive. */
export interface FinishedSchedule {
  startMs: number;
  /** Time between two values: the resolution of the sensor, or a step of the schedule if it records instants. */
  stepMs: number;
  /** Consumption positive, unless these are states of charge. */
  values: Float64Array;
  /** Factor to the values as they are stored; undefined for states of charge, which have no direction. */
  storedSign: 1 | -1 | undefined;
  /** Model of the scheduler; empty for jobs of earlier versions. */
  scheduler: string;
  /** Sentences about assumptions, adjustments and missing data, and the reason for a fallback schedule. */
  notes: string[];
}

/** Schedules of the devices of a site. */
export interface FinishedSiteSchedule {
  startMs: number;
  /** Time zone of the first sensor. */
  timezone: string;
  durationMs: number;
  /** In their sensor's unit and resolution, consumption positive. */
  devices: { sensor: Sensor; values: Float64Array }[];
  /** null if unknown (custom schedulers). */
  cost: number | null;
  currency: string | null;
  commitments: JobCommitment[];
  notes: string[];
}

/** Queues schedule jobs and finds their results. */
@Injectable()
export class ScheduleJobsService {
  constructor(
    private readonly inputs: SiteInputs,
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Validates a request without reading data, and queues it. Without a belief time, the time of the trigger is used: data
   * that becomes known before a worker starts is not read.
   * @param options.forceNew whether to create a new job although an equal one was created a short while ago
   * @param options.requester the user who asks; undefined for the host, whose jobs read as the account of the asset
   * @returns the id of the job, which is the same for the same request of the same user within
   *   FLEXMEASURES_JOB_CACHE_TTL unless the inputs of its schedule (data, attributes, limits) have changed, and notes about
   *   adjustments
   * @throws DomainError with the field that is invalid or refers to a sensor that the user cannot read; TOO_MANY_JOBS if the
   *   user, or the account, has too many open jobs
   */
  async trigger(
    job: Omit<ScheduleJob, 'userId' | 'deviceTokenId'>,
    { forceNew, requester }: { forceNew?: boolean; requester?: Requester } = {},
  ): Promise<{ id: string; notes: string[] }> {
    const nowMs = this.clock.now();
    const identity: ScheduleJob = {
      ...job,
      userId: requester?.id,
      deviceTokenId: requester?.deviceTokenId,
    };
    const beliefTime = job.beliefTime ?? new Date(nowMs).toISOString();
    const payload: ScheduleJob = { ...identity, beliefTime };
    const request = toScheduleRequest(parseScheduleJob(payload), nowMs);
    const validated = await this.inputs.validate(request, requester);
    const id = await this.jobs.enqueue(SCHEDULING_QUEUE, SCHEDULE_JOB, payload, {
      forceNew,
      identity,
      owner: requester
        ? { accountId: requester.accountId, userId: requester.id }
        : { accountId: validated.asset.accountId },
      isLimited: true,
      isStillValid: (job) => this.hasSameInputs(job, request, validated),
    });
    return { id, notes: validated.notes };
  }

  /** Whether a job for an equal request has the inputs that the request would have now. */
  private async hasSameInputs(
    job: Job,
    request: SiteScheduleRequest,
    validated: ValidatedRequest,
  ): Promise<boolean> {
    // It is unknown what a custom scheduler reads.
    if (validated.isCustom) return false;
    const now = await this.findFingerprint(request, validated);
    if (job.state === 'finished') return (job.result as ScheduleJobResult).inputs === now;
    const { beliefTime } = job.payload as ScheduleJob;
    if (beliefTime === undefined) return false;
    const then = { ...request, beliefTimeMs: Date.parse(beliefTime) };
    return (await this.findFingerprint(then, validated)) === now;
  }

  /** The fingerprint of the inputs of a request; undefined if no schedule is possible with the data. */
  private findFingerprint(
    request: SiteScheduleRequest,
    validated: ValidatedRequest,
  ): Promise<string | undefined> {
    return this.inputs.collect(request, validated).then(fingerprintInputs, (error: unknown) => {
      if (error instanceof DomainError) return undefined;
      throw error;
    });
  }

  /**
   * The state of a job that schedules this sensor, alone or with others; `unknown` for other jobs. Reasons and notes are
   * hidden from users who cannot read all sensors that the job read.
   */
  async find(sensor: Sensor, id: string, requester: Requester): Promise<ScheduleState<FinishedSchedule>> {
    const job = await this.jobs.find(id);
    if (!job || !findScheduledSensors(job).includes(sensor.id)) return { state: 'unknown' };
    const state = await toScheduleState(job, async (result) => {
      const values = await this.read(sensor, result);
      const { startMs, stepMs } = recordedEvents(sensor, windowOf(result));
      const notes = (await this.canReadAll(job, requester)) ? collectNotes(result) : [];
      return {
        ...{ startMs, stepMs, values, storedSign: signIn(result, sensor) },
        scheduler: result.scheduler ?? '',
        notes: [...changeNotes(result, [{ sensor, values }]), ...notes],
      };
    });
    if (state.state !== 'failed' || (await this.canReadAll(job, requester))) return state;
    return { ...state, reason: HIDDEN_REASON };
  }

  /**
   * The state of a job of this asset; `unknown` for jobs of other assets and of single sensors.
   * @throws DomainError NOT_PERMITTED for users who cannot read all sensors that the job read
   */
  async findOfAsset(
    assetId: number,
    id: string,
    requester: Requester,
  ): Promise<ScheduleState<FinishedSiteSchedule>> {
    const job = await this.jobs.find(id);
    if (job?.kind !== SCHEDULE_JOB || (job.payload as ScheduleJob).assetId !== assetId)
      return { state: 'unknown' };
    if (!(await this.canReadAll(job, requester))) {
      const message = `User ${requester.id} may not read all sensors that this schedule is based on.`;
      throw new DomainError('NOT_PERMITTED', message);
    }
    return toScheduleState(job, async (result) => {
      const { cost, currency, commitments, steps, stepMs } = result;
      const [first] = (job.payload as ScheduleJob).flexModel;
      const { timezone } = await this.sensors.get(first!.sensor);
      const devices = [];
      for (const sensor of await this.sensors.listByIds(result.sensorIds)) {
        devices.push({ sensor, values: await this.read(sensor, result) });
      }
      return {
        startMs: Date.parse(result.start),
        timezone,
        durationMs: steps * stepMs,
        devices,
        cost,
        currency,
        commitments,
        notes: [...changeNotes(result, devices), ...collectNotes(result)],
      };
    });
  }

  private canReadAll(job: Job, requester: Requester): Promise<boolean> {
    const { devices, sources } = findJobSensors(job);
    return this.access.canReadAll([...devices, ...sources], requester, {
      deletedToo: couldReadAll(job, requester),
    });
  }

  /** The beliefs that this job stored, also if there are newer schedules. */
  private async read(sensor: Sensor, result: ScheduleJobResult): Promise<Float64Array> {
    const stored = await this.beliefs.latestOnSteps(sensor, recordedEvents(sensor, windowOf(result)), {
      sourceIds: [result.sourceId],
      beliefsBeforeMs: Date.parse(result.beliefTime),
    });
    const sign = signIn(result, sensor) ?? 1;
    // Adding 0 converts -0 to 0.
    return stored.map((value) => sign * value + 0);
  }
}

async function toScheduleState<Schedule>(
  { state, failureReason, result, deadline }: Job,
  read: (result: ScheduleJobResult) => Promise<Schedule>,
): Promise<ScheduleState<Schedule>> {
  switch (state) {
    case 'finished':
      return { state, schedule: await read(result as ScheduleJobResult) };
    case 'failed':
      return { state, reason: failureReason ?? '' };
    case 'queued':
      return { state, deadline };
    case 'started':
      return { state };
  }
}

const HIDDEN_REASON = 'a reason that only users with access to all of its sensors can see.';

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
function findScheduledSensors({ kind, payload, result }: Job): number[] {
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

const windowOf = ({ start, stepMs, steps }: ScheduleJobResult) => ({
  startMs: Date.parse(start),
  stepMs,
  steps,
});

const findRecorded = ({ recorded }: ScheduleJobResult, sensor: Sensor): StoredOutput | undefined =>
  recorded?.find(({ sensorId }) => sensorId === sensor.id);

/** Factor between what a job stored to a sensor and power with consumption positive; undefined for states of charge. */
function signIn(result: ScheduleJobResult, sensor: Sensor): 1 | -1 | undefined {
  const recordedAs = findRecorded(result, sensor)?.recordedAs ?? 'power';
  return recordedAs === 'state-of-charge' ? undefined : recordedSign(recordedAs, signOfSensor(sensor));
}

const collectNotes = ({ fallbackReason, warnings }: ScheduleJobResult): string[] =>
  fallbackReason === undefined ? warnings : [fallbackReason, ...warnings];

/** Says if the values are no longer those that the job stored: another schedule can have the same belief time. */
function changeNotes(
  result: ScheduleJobResult,
  devices: readonly { sensor: Sensor; values: Float64Array }[],
): string[] {
  const isChanged = ({ sensor, values }: (typeof devices)[number]): boolean => {
    const stored =
      findRecorded(result, sensor)?.digest ?? result.digests?.[result.sensorIds.indexOf(sensor.id)];
    return stored !== undefined && stored !== digest(values);
  };
  return devices.some(isChanged)
    ? [
        'The values were changed after this schedule was made, such as by a later schedule with the same prior.',
      ]
    : [];
}
