import { Injectable } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import { JobsService, type Job } from '#lib/queues';
import { parseScheduleJob, SCHEDULE_JOB, SCHEDULING_QUEUE, type ScheduleJob } from '#lib/queues/model';
import { SensorsService, type Sensor } from '#lib/sensors';
import { toScheduleRequest } from './schedule-request';
import type { CommitmentOfJob, ScheduleJobResult } from './schedule.job';
import { storedSign } from './sign';
import { SiteInputs } from './site-inputs';

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
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * Checks a request as far as that needs no data, and queues it. Only what is known now counts, unless the job says
   * otherwise, so that a retry or a late worker makes the same schedule.
   * @param options.forceNew whether to compute anew what was asked for a short while ago
   * @returns the job's id, the same for the same request; and what of the request was moved
   * @throws DomainError naming the field that cannot be used
   */
  async trigger(
    job: ScheduleJob,
    options: { forceNew?: boolean } = {},
  ): Promise<{ id: string; notes: string[] }> {
    const { notes } = await this.inputs.check(toScheduleRequest(parseScheduleJob(job)));
    const payload: ScheduleJob = { ...job, beliefTime: job.beliefTime ?? new Date().toISOString() };
    const id = await this.jobs.enqueue(SCHEDULING_QUEUE, SCHEDULE_JOB, payload, { ...options, identity: job });
    return { id, notes };
  }

  /** What became of a job for this sensor, alone or as one of a site; another sensor's job is unknown here. */
  async find(sensor: Sensor, id: string): Promise<ScheduleState<FinishedSchedule>> {
    const job = await this.jobs.find(id);
    if (!job || !sensorsOf(job).includes(sensor.id)) return { state: 'unknown' };
    return stateOf(job, async (result) => ({
      startMs: Date.parse(result.start),
      stepMs: sensor.eventResolutionMs,
      values: await this.read(sensor, result),
      notes: notesOf(result),
    }));
  }

  /** What became of a job for this asset; another asset's job, or that of a sensor alone, is unknown here. */
  async findOfAsset(assetId: number, id: string): Promise<ScheduleState<FinishedSiteSchedule>> {
    const job = await this.jobs.find(id);
    if (job?.kind !== SCHEDULE_JOB || (job.payload as ScheduleJob).assetId !== assetId)
      return { state: 'unknown' };
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
