import { Controller, Get, Param } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { JobsService } from '#lib/queues';
import { sensorRules, SensorsService } from '#lib/sensors';
import { requirePermission, User } from '../auth/permission.guard';
import { rejected } from '../errors/api-error';

@Controller('api/v3_0/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
  ) {}

  /** How far a job is; to be read by whoever may read the sensor that it is for. */
  @Get(':uuid')
  async get(@Param('uuid') uuid: string, @User() user: Requester) {
    const job = await this.jobs.find(uuid);
    if (!job) throw rejected(404, 'NOT_FOUND', `There is no job with id ${uuid}.`);
    const sensor = await this.sensors.get((job.payload as { sensorId: number }).sensorId);
    requirePermission(user, 'read', sensorRules(sensor));
    return {
      status: 200,
      id: job.id,
      queue: job.queue,
      state: job.state,
      result: job.result,
      failure_reason: job.failureReason,
      created_at: job.createdAt.toISOString(),
      started_at: job.startedAt?.toISOString() ?? null,
      ended_at: job.endedAt?.toISOString() ?? null,
    };
  }
}
