import { Controller, Get, Param } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { type ForecastJob } from '#lib/forecasting';
import { JobsService, type Job as JobOfQueue } from '#lib/queues';
import { SCHEDULE_JOB, type ScheduleJob } from '#lib/scheduling';
import { sensorRules, SensorsService } from '#lib/sensors';
import { requirePermission, User } from '../../http/auth/permission.guard';
import { rejected } from '../../http/errors/api-error';
import { Operation } from '../../http/schema/operation';
import { toJobResponse } from './job-responses';
import { Job } from './jobs.dto';

@Controller('api/v3_0/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
  ) {}

  /** How far a job is; to be read by whoever may read all sensors that it is for. */
  @Get(':uuid')
  @Operation('getJob', { answer: Job, fails: [403, 404] })
  async get(@Param('uuid') uuid: string, @User() user: Requester) {
    const job = await this.jobs.find(uuid);
    const ids = job === null ? [] : sensorsOf(job);
    const sensors = await this.sensors.listByIds(ids);
    if (job === null || sensors.length < ids.length) {
      throw rejected(404, 'NOT_FOUND', `There is no job with id ${uuid}.`);
    }
    for (const sensor of sensors) requirePermission(user, 'read', sensorRules(sensor));
    return { ...toJobResponse(job), status: 200 };
  }
}

/** Ids of the sensors that a job is for. */
function sensorsOf({ kind, payload }: JobOfQueue): number[] {
  return kind === SCHEDULE_JOB
    ? (payload as ScheduleJob).flexModel.map(({ sensor }) => sensor)
    : [(payload as ForecastJob).sensorId];
}
