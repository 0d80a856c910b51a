import { Injectable } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import { JobsService, type Job } from '#lib/queues';
import {
  parseStorageScheduleJob,
  SCHEDULING_QUEUE,
  SITE_SCHEDULE_JOB,
  type SiteScheduleJob,
  STORAGE_SCHEDULE_JOB,
  type StorageScheduleJob,
} from '#lib/queues/model';
import type { Sensor } from '#lib/sensors';
import { storedSign } from './sign';
import { StorageInputs } from './storage-inputs';
import { toRequest, type StorageScheduleJobResult } from './storage-schedule.job';

/** How far a schedule is that was asked for. */
export type ScheduleState =
  | { state: 'unknown' }
  | { state: 'queued' | 'started' }
  | { state: 'failed'; reason: string }
  | { state: 'finished'; schedule: FinishedSchedule };

/** A schedule in its sensor's unit, consumption positive. */
export interface FinishedSchedule {
  startMs: number;
  stepMs: number;
  values: Float64Array;
  /** Sentences on what was assumed, moved or missing, and why the schedule is a fallback if it is. */
  notes: string[];
}

/** Takes schedules in as jobs, and gives what became of them. */
@Injectable()
export class ScheduleJobsService {
  constructor(
    private readonly inputs: StorageInputs,
    private readonly jobs: JobsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * Checks a request as far as that needs no data, and queues it.
   * @param options.forceNew whether to compute anew what was asked for a short while ago
   * @returns the job's id, the same for the same request; and what of the request was moved
   * @throws DomainError naming the field that cannot be used
   */
  async trigger(
    job: StorageScheduleJob,
    options: { forceNew?: boolean } = {},
  ): Promise<{ id: string; notes: string[] }> {
    const { notes } = await this.inputs.check(toRequest(parseStorageScheduleJob(job)));
    return { id: await this.jobs.enqueue(SCHEDULING_QUEUE, STORAGE_SCHEDULE_JOB, job, options), notes };
  }

  /** What became of a job for this sensor; another sensor's job is unknown here. */
  async find(sensor: Sensor, id: string): Promise<ScheduleState> {
    const job = await this.jobs.find(id);
    if (!job || !isFor(job, sensor)) return { state: 'unknown' };
    switch (job.state) {
      case 'finished':
        return {
          state: 'finished',
          schedule: await this.read(sensor, job.result as WhereStored),
        };
      case 'failed':
        return { state: 'failed', reason: job.failureReason ?? '' };
      default:
        return { state: job.state };
    }
  }

  /** The beliefs that this very job stored, also after newer schedules. */
  private async read(sensor: Sensor, result: WhereStored): Promise<FinishedSchedule> {
    const startMs = Date.parse(result.start);
    const window = { startMs, stepMs: result.stepMs, steps: result.steps };
    const stored = await this.beliefs.latestOnSteps(sensor, window, {
      sourceIds: [result.sourceId],
      beliefsBeforeMs: Date.parse(result.beliefTime),
    });
    const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
    // Adding 0 turns -0 into 0.
    const values = stored.map((value) => sign * value + 0);
    const notes = result.fallbackReason === undefined ? [] : [result.fallbackReason];
    return { startMs, stepMs: result.stepMs, values, notes: [...notes, ...result.warnings] };
  }
}

/** What the results of all kinds of schedule jobs have in common. */
type WhereStored = Omit<StorageScheduleJobResult, 'sensorId' | 'cost' | 'currency'>;

/** Whether a job makes a schedule for this sensor, alone or as one of a site. */
function isFor({ kind, payload }: Job, { id }: Sensor): boolean {
  if (kind === STORAGE_SCHEDULE_JOB) return (payload as StorageScheduleJob).sensorId === id;
  if (kind !== SITE_SCHEDULE_JOB) return false;
  return (payload as SiteScheduleJob).flexModel.some(({ sensor }) => sensor === id);
}
