import { Controller, Get, Param } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { toJobResponse } from './job-responses';
import { Job } from './jobs.dto';
import { ReadableJobs } from './readable-jobs.service';

@Controller('api/v3_0/jobs')
export class JobsController {
  constructor(private readonly jobs: ReadableJobs) {}

  /** State of a job. */
  @Get(':uuid')
  @Operation('getJob', { deviceScope: 'read', answer: Job, errors: [403, 404] })
  async get(@Param('uuid') uuid: string, @User() user: Requester) {
    return toJobResponse(await this.jobs.get(uuid, user));
  }
}
