import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { JobsService, type Job } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { SensorAccess, SensorsService, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { fingerprintOf } from '../inputs/input-fingerprint';
import { type SiteFrame, SiteInputs } from '../inputs/site-inputs';
import { findSensorReferences } from '../model/flex/sensor-references';
import { storedSign } from '../model/flex/sign';
import { parseScheduleJob, SCHEDULE_JOB, type ScheduleJob } from '../requests/schedule-job';
import { type SiteScheduleRequest, toScheduleRequest } from '../requests/schedule-request';
import type { CommitmentOfJob, ScheduleJobResult } from './schedule.job';

/** How far schedules are that were asked for. */
export type ScheduleState<Schedule> =
  | { state: 'unknown' }
  | { state: 'queued' | 'started' }
  | { state: 'failed'; reason: string }
  | { state: 'finished'; schedule: Schedule };

/** A schedule in its sensor's unit and resolution, consumption positive. */
export interface FinishedSchedule {
  startMs: number;
  stepMs: number;
  values: Float64Array;
  /** Sentences on what was assumed, moved or missing, and why the schedule is a fallback if it is. */
  notes: string[];
}

/** Schedules of the devices of a site. */
export interface FinishedSiteSchedule {
  startMs: number;
  /** Of the first sensor. */
  timezone: string;
  durationMs: number;
  /** In their sensor's unit and resolution, consumption positive. */
  devices: { sensor: Sensor; values: Float64Array }[];
  /** null where nobody knows it, as for custom schedulers. */
  cost: number | null;
  currency: string | null;
  commitments: CommitmentOfJob[];
  notes: string[];
}

/** Takes schedules in as jobs, and gives what became of them. */
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
   * Checks a request as far as that needs no data, and queues it. Without a belief time it is that of the trigger: what
   * becomes known until a worker begins does not count.
   * @param options.forceNew whether to compute anew what was asked for a short while ago
   * @param options.requester who asks; not given for the host, whose jobs read as the account of the asset
   * @returns the job's id, the same for the same request of the same user within FLEXMEASURES_JOB_CACHE_TTL unless data,
   *   attributes or limits have changed that its schedule is made from; and what of the request was moved
   * @throws DomainError naming the field that cannot be used, or that names a sensor which may not be read
   */
  async trigger(
    job: Omit<ScheduleJob, 'userId'>,
    { forceNew, requester }: { forceNew?: boolean; requester?: Requester } = {},
  ): Promise<{ id: string; notes: string[] }> {
    const nowMs = this.clock.now();
    const identity: ScheduleJob = { ...job, userId: requester?.id };
    const beliefTime = job.beliefTime ?? new Date(nowMs).toISOString();
    const payload: ScheduleJob = { ...identity, beliefTime };
    const request = toScheduleRequest(parseScheduleJob(payload), nowMs);
    const frame = await this.inputs.check(request, requester);
    const isNew = forceNew === true || (await this.hasChanged(identity, request, frame));
    const id = await this.jobs.enqueue(SCHEDULING_QUEUE, SCHEDULE_JOB, payload, {
      forceNew: isNew,
      identity,
    });
    return { id, notes: frame.notes };
  }

  /** Whether the inputs of a request are not those of the job that did or will do the same. */
  private async hasChanged(
    identity: ScheduleJob,
    request: SiteScheduleRequest,
    frame: SiteFrame,
  ): Promise<boolean> {
    const job = await this.jobs.findStandIn(SCHEDULING_QUEUE, SCHEDULE_JOB, identity);
    if (!job) return false;
    // Nobody knows what a custom scheduler reads.
    if (frame.isCustom) return true;
    const now = await this.fingerprint(request, frame);
    if (job.state === 'finished') return (job.result as ScheduleJobResult).inputs !== now;
    const { beliefTime } = job.payload as ScheduleJob;
    if (beliefTime === undefined) return true;
    const then = { ...request, beliefTimeMs: Date.parse(beliefTime) };
    return (await this.fingerprint(then, frame)) !== now;
  }

  /** Undefined where the data does not make a schedule possible. */
  private fingerprint(request: SiteScheduleRequest, frame: SiteFrame): Promise<string | undefined> {
    return this.inputs.collect(request, frame).then(fingerprintOf, (error: unknown) => {
      if (error instanceof DomainError) return undefined;
      throw error;
    });
  }

  /**
   * What became of a job for this sensor, alone or as one of a site; another sensor's job is unknown here. Reasons and
   * remarks are for those who may read all that the job read.
   */
  async find(sensor: Sensor, id: string, requester: Requester): Promise<ScheduleState<FinishedSchedule>> {
    const job = await this.jobs.find(id);
    if (!job || !sensorsOf(job).includes(sensor.id)) return { state: 'unknown' };
    const isOpen = await this.mayReadAll(job, requester);
    const state = await stateOf(job, async (result) => ({
      startMs: Date.parse(result.start),
      stepMs: sensor.eventResolutionMs,
      values: await this.read(sensor, result),
      notes: isOpen ? notesOf(result) : [],
    }));
    return state.state === 'failed' && !isOpen ? { ...state, reason: HIDDEN_REASON } : state;
  }

  /**
   * What became of a job for this asset; another asset's job, or that of a sensor alone, is unknown here.
   * @throws DomainError NOT_PERMITTED for those who may not read all that the job read
   */
  async findOfAsset(
    assetId: number,
    id: string,
    requester: Requester,
  ): Promise<ScheduleState<FinishedSiteSchedule>> {
    const job = await this.jobs.find(id);
    if (job?.kind !== SCHEDULE_JOB || (job.payload as ScheduleJob).assetId !== assetId)
      return { state: 'unknown' };
    if (!(await this.mayReadAll(job, requester))) {
      const message = `User ${requester.id} may not read all sensors that this schedule was made from.`;
      throw new DomainError('NOT_PERMITTED', message);
    }
    return stateOf(job, async (result) => {
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
        notes: notesOf(result),
      };
    });
  }

  private mayReadAll(job: Job, requester: Requester): Promise<boolean> {
    const { devices, sources } = sensorsBehind(job);
    return this.access.mayReadAll([...devices, ...sources], requester, {
      deletedToo: couldReadAll(job, requester),
    });
  }

  /** The beliefs that this very job stored, also after newer schedules. */
  private async read(sensor: Sensor, result: ScheduleJobResult): Promise<Float64Array> {
    const stepMs = sensor.eventResolutionMs;
    const steps = (result.steps * result.stepMs) / stepMs;
    const window = { startMs: Date.parse(result.start), stepMs, steps };
    const stored = await this.beliefs.latestOnSteps(sensor, window, {
      sourceIds: [result.sourceId],
      beliefsBeforeMs: Date.parse(result.beliefTime),
    });
    const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
    // Adding 0 turns -0 into 0.
    return stored.map((value) => sign * value + 0);
  }
}

async function stateOf<Schedule>(
  { state, failureReason, result }: Job,
  read: (result: ScheduleJobResult) => Promise<Schedule>,
): Promise<ScheduleState<Schedule>> {
  switch (state) {
    case 'finished':
      return { state, schedule: await read(result as ScheduleJobResult) };
    case 'failed':
      return { state, reason: failureReason ?? '' };
    default:
      return { state };
  }
}

const HIDDEN_REASON = 'a reason that is told to those who may read all of its sensors.';

/** Ids of the sensors that a job is for, and of those that it names or has read besides. */
export function sensorsBehind({ payload, result }: Pick<Job, 'payload' | 'result'>) {
  const { flexModel, flexContext } = payload as ScheduleJob;
  // Jobs of earlier versions do not tell what they read.
  const { readSensorIds = [] } = (result ?? {}) as Partial<ScheduleJobResult>;
  const named = findSensorReferences([...flexModel, flexContext]).map(({ id }) => id);
  return { devices: flexModel.map(({ sensor }) => sensor), sources: [...named, ...readSensorIds] };
}

/** Whether a job read for this user, or for the account of its asset, and so nothing that the user could not read. */
export function couldReadAll({ payload }: Pick<Job, 'payload'>, requester: Requester): boolean {
  const { userId } = payload as ScheduleJob;
  return userId === undefined || userId === requester.id;
}

/** Those that a job makes schedules for: of all that it names, those that turned out to have something to decide. */
function sensorsOf({ kind, payload, result }: Job): number[] {
  if (kind !== SCHEDULE_JOB) return [];
  return (
    (result as ScheduleJobResult | null)?.sensorIds ??
    (payload as ScheduleJob).flexModel.map(({ sensor }) => sensor)
  );
}

const notesOf = ({ fallbackReason, warnings }: ScheduleJobResult): string[] =>
  fallbackReason === undefined ? warnings : [fallbackReason, ...warnings];
