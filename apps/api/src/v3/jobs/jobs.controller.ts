import { Controller, Get, Param } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { JobsService } from '#lib/queues';
import { couldReadAll, SCHEDULE_JOB } from '#lib/scheduling';
import { SensorAccess, SensorsService } from '#lib/sensors';
import { User } from '../../http/auth/permissions/permission.guard';
import { rejected, unauthorized } from '../../http/errors/api-error';
import { Operation } from '../../http/schema/operation';
import { toJobResponse } from './job-responses';
import { sensorsOf } from './job-sensors';
import { Job } from './jobs.dto';

@Controller('api/v3_0/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
  ) {}

  /** State of a job. The user must have read permission on all sensors that the job is for, refers to, or has read. */
  @Get(':uuid')
  @Operation('getJob', { deviceScope: 'read', answer: Job, errors: [403, 404] })
  async get(@Param('uuid') uuid: string, @User() user: Requester) {
    const job = await this.jobs.find(uuid);
    const { devices, sources } = job === null ? { devices: [], sources: [] } : sensorsOf(job);
    const known = new Set((await this.sensors.listByIds(devices)).map(({ id }) => id));
    if (job === null || !devices.every((id) => known.has(id))) {
      throw rejected(404, 'NOT_FOUND', `There is no job with id ${uuid}.`);
    }
    const deletedToo = job.kind === SCHEDULE_JOB && couldReadAll(job, user);
    if (!(await this.access.canReadAll([...devices, ...sources], user, { deletedToo }))) throw unauthorized();
    return toJobResponse(job);
  }
}
