import { Controller, Get, Inject, Next, Optional, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { FORECASTING_QUEUE, JobsService, QUEUES, SCHEDULING_QUEUE } from '#lib/queues';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { rejected } from '../../http/errors/api-error';
import { Pages } from '../frame/pages.service';
import type { PageRequest } from '../sessions/page-request';
import { requireTaskViewer } from './admins-only';
import { QUEUE_DASHBOARD, type QueueDashboard } from './queue-dashboard';
import { MAX_JOBS, recordedJobs } from './recorded-jobs';

/** Queues by the paths that FlexMeasures uses for their pages. */
const QUEUE_OF_PAGE: Record<string, string> = {
  forecasting: FORECASTING_QUEUE,
  schedules: SCHEDULING_QUEUE,
  scheduling: SCHEDULING_QUEUE,
};

/** Queues and jobs, for admins; for all users in demo mode. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class TasksController {
  constructor(
    private readonly jobs: JobsService,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dashboardPollMs' | 'pages'>,
    @Optional() @Inject(QUEUE_DASHBOARD) private readonly dashboard?: QueueDashboard,
  ) {}

  /** Redirects from the path of the dashboard in the Python version. */
  @Get(['rq', 'rq/'])
  moved(@Res() response: Response): void {
    response.redirect(303, '/tasks');
  }

  @Get('tasks/recorded{/:queue}')
  async recorded(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Param('queue') queue?: string,
  ): Promise<void> {
    requireTaskViewer(request, this.settings.pages);
    if (queue !== undefined && !QUEUES.includes(queue)) throw noSuchQueue(queue);
    const [counts, jobs] = await Promise.all([
      this.jobs.countByState(),
      this.jobs.listNewest(MAX_JOBS, queue),
    ]);
    const { transportDescription: driver } = this.jobs;
    const pollMs = this.settings.dashboardPollMs;
    const content = recordedJobs({ driver, counts, jobs, queue, pollMs });
    await this.pages.send(request, response, 'recorded-jobs.html', content);
  }

  @Get('tasks{/*path}')
  show(@Req() request: PageRequest, @Res() response: Response, @Next() next: NextFunction): void {
    requireTaskViewer(request, this.settings.pages);
    const below = request.path.split('/').slice(2).join('/');
    const queue = QUEUE_OF_PAGE[below];
    if (this.dashboard?.isReachable) {
      if (queue !== undefined) response.redirect(303, `/tasks/queue/${queue}`);
      else this.dashboard.answer(request, response, next);
    } else if (below.startsWith('api/')) {
      throw rejected(503, 'SERVICE_UNAVAILABLE', 'Redis cannot be reached.');
    } else if (queue === undefined && below !== '') {
      next();
    } else {
      response.redirect(303, queue === undefined ? '/tasks/recorded' : `/tasks/recorded/${queue}`);
    }
  }
}

const noSuchQueue = (queue: string) =>
  rejected(404, 'NOT_FOUND', `There is no queue ${queue}. The queues are ${QUEUES.join(', ')}.`);
