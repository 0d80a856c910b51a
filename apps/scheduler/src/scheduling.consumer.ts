import { Process, Processor } from '@nestjs/bull';
import type { Job } from 'bull';
import { SCHEDULING_QUEUE, STORAGE_SCHEDULE_JOB } from '#lib/queues/model';
import { StorageScheduleJobHandler, type StorageScheduleJobResult } from '#lib/scheduling';

/** Takes schedule jobs from the queue; what it returns is kept as the job's result. */
@Processor(SCHEDULING_QUEUE)
export class SchedulingConsumer {
  constructor(private readonly handler: StorageScheduleJobHandler) {}

  @Process(STORAGE_SCHEDULE_JOB)
  schedule(job: Job<unknown>): Promise<StorageScheduleJobResult> {
    return this.handler.handle(job.data);
  }
}
