import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '#lib/queues';
import {
  parseStorageScheduleJob,
  SCHEDULING_QUEUE,
  STORAGE_SCHEDULE_JOB,
  type StorageScheduleJob,
} from '#lib/queues/model';
import { parseDuration, parseInstant } from '#lib/time';
import type { StorageScheduleRequest } from './storage-inputs';
import { StorageSchedulingService, type StoredSchedule } from './storage-scheduling.service';

/** What a job tells about the schedule that it stored, enough to find it again. */
export interface StorageScheduleJobResult {
  sensorId: number;
  /** ISO 8601, as is the belief time. */
  start: string;
  steps: number;
  stepMs: number;
  beliefTime: string;
  sourceId: number;
  cost: number;
  currency: string;
  fallbackReason?: string;
  warnings: string[];
}

/** Runs schedule jobs, whichever process takes them. */
@Injectable()
export class StorageScheduleJobHandler implements OnModuleInit {
  constructor(
    private readonly scheduling: StorageSchedulingService,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(SCHEDULING_QUEUE, STORAGE_SCHEDULE_JOB, (payload) => this.handle(payload));
  }

  /**
   * Computes a schedule.
   * @returns what stores it
   * @throws DomainError when the payload or what it names cannot be used; the job then fails with that sentence
   */
  async handle(payload: unknown): Promise<() => Promise<StorageScheduleJobResult>> {
    const request = toRequest(parseStorageScheduleJob(payload));
    const computed = await this.scheduling.compute(request);
    return async () => toResult(request, await this.scheduling.store(computed));
  }
}

function toResult(
  request: StorageScheduleRequest,
  { window, result, currency, sourceId, warnings }: StoredSchedule,
): StorageScheduleJobResult {
  return {
    sensorId: request.sensorId,
    start: new Date(window.startMs).toISOString(),
    steps: window.steps,
    stepMs: window.stepMs,
    beliefTime: new Date(request.beliefTimeMs).toISOString(),
    sourceId,
    cost: result.cost,
    currency,
    fallbackReason: result.fallbackReason,
    warnings,
  };
}

/** @throws TimeError for times that cannot be read */
export function toRequest({ flexModel, ...job }: StorageScheduleJob): StorageScheduleRequest {
  return {
    sensorId: job.sensorId,
    startMs: parseInstant(job.start),
    duration: job.duration === undefined ? undefined : parseDuration(job.duration),
    beliefTimeMs: job.beliefTime === undefined ? Date.now() : parseInstant(job.beliefTime),
    flexModel: {
      ...flexModel,
      socTargets: flexModel.socTargets?.map(({ value, datetime }) => ({
        value,
        datetimeMs: parseInstant(datetime),
      })),
    },
    flexContext: job.flexContext,
  };
}
