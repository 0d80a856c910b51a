import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { SensorsService } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { sensorsOf } from '../../v3/jobs/job-sensors';
import { ReadableJobs } from '../../v3/jobs/readable-jobs.service';
import { Pages } from '../frame/pages.service';
import { LiveContents } from '../graphs/live-content.service';
import type { PageRequest } from '../sessions/page-request';
import { EarlierSchedules } from './earlier-schedules.service';
import { jobContent } from './job-content';

/** The page of a job: its progress, and what came out. */
@ApiExcludeController()
@Controller('jobs')
export class JobPageController {
  constructor(
    private readonly pages: Pages,
    private readonly jobs: ReadableJobs,
    private readonly sensors: SensorsService,
    private readonly earlier: EarlierSchedules,
    private readonly live: LiveContents,
  ) {}

  @Get(':uuid')
  async show(
    @Param('uuid') uuid: string,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const liveOf = await this.live.begin();
    const job = await this.jobs.get(uuid, user);
    const devices = await this.sensors.listByIds(sensorsOf(job).devices);
    const before = await this.earlier.findBefore(job, devices, user);
    const live = liveOf(devices.map(({ id }) => id));
    await this.pages.send(request, response, 'job.html', { ...jobContent(job, devices, before), live });
  }
}
