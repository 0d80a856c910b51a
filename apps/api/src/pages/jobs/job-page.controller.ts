import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SensorsService } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { sensorsOf } from '../../v3/jobs/job-sensors';
import { ReadableJobs } from '../../v3/jobs/readable-jobs.service';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { LiveContents } from '../graphs/live-content.service';
import type { PageRequest } from '../sessions/page-request';
import { EarlierSchedules } from './earlier-schedules.service';
import { jobContent } from './job-content';
import { JobRetries } from './job-retries.service';

/** The page of a job: its progress, what came out, and another attempt if it failed. */
@ApiExcludeController()
@Controller('jobs')
export class JobPageController {
  constructor(
    private readonly pages: Pages,
    private readonly jobs: ReadableJobs,
    private readonly sensors: SensorsService,
    private readonly earlier: EarlierSchedules,
    private readonly live: LiveContents,
    private readonly retries: JobRetries,
  ) {}

  @Get(':uuid')
  async show(
    @Param('uuid') uuid: string,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(uuid, user, request, response);
  }

  @Post(':uuid/retry')
  @LimitsTriggers()
  async retry(
    @Param('uuid') uuid: string,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    try {
      response.redirect(303, `/jobs/${await this.retries.retry(uuid, user)}`);
    } catch (error) {
      const problems = formProblems(error, request, []);
      if (problems.status === 403) throw error;
      await this.send(uuid, user, request, response, problems);
    }
  }

  private async send(
    uuid: string,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    { status = 200, headers = {}, problem }: Partial<FormProblems> = {},
  ): Promise<void> {
    const liveOf = await this.live.begin();
    const job = await this.jobs.get(uuid, user);
    const devices = await this.sensors.listByIds(sensorsOf(job).devices);
    const before = await this.earlier.findBefore(job, devices, user);
    const content = {
      ...jobContent(job, devices, before),
      ...{ problem, can_retry: (await this.retries.findRetryable([job], user)).has(job.id) },
      live: liveOf(devices.map(({ id }) => id)),
    };
    await this.pages.send(request, response.set(headers), 'job.html', content, { status });
  }
}
