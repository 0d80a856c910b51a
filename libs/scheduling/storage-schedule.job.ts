import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '#lib/queues';
import { parseStorageScheduleJob, STORAGE_SCHEDULE_JOB } from '#lib/queues/model';
import { parseDuration, parseInstant } from '#lib/time';
import { StorageSchedulingService } from './storage-scheduling.service';

/** What a job tells about the schedule that it stored. */
export interface StorageScheduleJobResult {
  steps: number;
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
    this.handlers.register(STORAGE_SCHEDULE_JOB, (payload) => this.handle(payload));
  }

  /** @throws DomainError when the payload or what it names cannot be used; the job then fails with that sentence */
  async handle(payload: unknown): Promise<StorageScheduleJobResult> {
    const { flexModel, ...job } = parseStorageScheduleJob(payload);
    const { window, result, currency, warnings } = await this.scheduling.createSchedule({
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
    });
    return {
      steps: window.steps,
      cost: result.cost,
      currency,
      fallbackReason: result.fallbackReason,
      warnings,
    };
  }
}
