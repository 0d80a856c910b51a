import { Controller, Get, Param } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { JobsService } from '#lib/queues';
import { sensorRules, SensorsService } from '#lib/sensors';
import { requirePermission, User } from '../auth/permission.guard';
import { Operation } from '../contract/operation';
import { rejected } from '../errors/api-error';
import { Job } from './jobs.dto';
import { toJobResponse } from './job-responses';

@Controller('api/v3_0/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
  ) {}

  /** How far a job is; to be read by whoever may read the sensor that it is for. */
  @Get(':uuid')
  @Operation('getJob', { answer: Job, fails: [403, 404] })
  async get(@Param('uuid') uuid: string, @User() user: Requester) {
    const job = await this.jobs.find(uuid);
    const sensor = job && (await this.sensors.find((job.payload as { sensorId: number }).sensorId));
    if (!sensor) throw rejected(404, 'NOT_FOUND', `There is no job with id ${uuid}.`);
    requirePermission(user, 'read', sensorRules(sensor));
    return { ...toJobResponse(job), status: 200 };
  }
}
