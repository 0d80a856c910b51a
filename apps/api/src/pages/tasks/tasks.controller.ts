import { Controller, Get, Inject, Next, Optional, Param, Req, Res } from '@nestjs/common';
import type { NextFunction, Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { FORECASTING_QUEUE, JobsService, QUEUES, SCHEDULING_QUEUE } from '#lib/queues';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { rejected } from '../../http/errors/api-error';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import { JobRetries } from '../jobs/job-retries.service';
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

/** Where the board of the queues in Redis is, below `/tasks`. */
const BOARD = 'board';

/** The path of the page of a queue in Redis. */
const PLACE = /^queue\/(?<queue>[^/]+)$/;

/** Queues and jobs, for admins; for all users in demo mode. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class TasksController {
  constructor(
    private readonly jobs: JobsService,
    private readonly pages: Pages,
    private readonly retries: JobRetries,
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
    const user = requireTaskViewer(request, this.settings.pages);
    if (queue !== undefined && !QUEUES.includes(queue)) throw noSuchQueue(queue);
    const [counts, jobs] = await Promise.all([
      this.jobs.countByState(),
      this.jobs.listNewest(MAX_JOBS, queue),
    ]);
    const { transportDescription: driver } = this.jobs;
    const pollMs = this.settings.dashboardPollMs;
    const retryable = await this.retries.findRetryable(jobs, user);
    const content = {
      ...recordedJobs({ driver, counts, jobs, queue, pollMs, retryable }),
      has_board: this.dashboard?.isReachable,
    };
    await this.pages.send(request, response, 'recorded-jobs.html', content);
  }

  @Get('tasks{/*path}')
  async show(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Next() next: NextFunction,
  ): Promise<void> {
    requireTaskViewer(request, this.settings.pages);
    const below = request.path.split('/').slice(2).join('/');
    if (below === BOARD || below.startsWith(`${BOARD}/`)) this.answerByBoard(request, response, next);
    else await this.showQueue(below, request, response, next);
  }

  /** Answers for the board itself, which the page of the queues shows in a frame. */
  private answerByBoard(request: PageRequest, response: Response, next: NextFunction): void {
    if (this.dashboard?.isReachable) this.dashboard.answer(request, response, next);
    else if (this.dashboard) throw rejected(503, 'SERVICE_UNAVAILABLE', 'Redis cannot be reached.');
    else next();
  }

  private async showQueue(
    below: string,
    request: PageRequest,
    response: Response,
    next: NextFunction,
  ): Promise<void> {
    const place = PLACE.exec(below);
    const queue = QUEUE_OF_PAGE[below] ?? place?.groups?.['queue'];
    if (below !== '' && (queue === undefined || !QUEUES.includes(queue))) next();
    else if (!this.dashboard?.isReachable)
      response.redirect(303, queue === undefined ? '/tasks/recorded' : `/tasks/recorded/${queue}`);
    else if (below !== '' && !place) response.redirect(303, `/tasks/queue/${queue}`);
    else
      await this.pages.send(request, response, 'queues.html', {
        title: queue === undefined ? 'Queues' : `Queue ${queue}`,
        board: `/tasks/${BOARD}${queue === undefined ? '/' : `/queue/${queue}`}`,
        recorded: `/tasks/recorded${queue === undefined ? '' : `/${queue}`}`,
      });
  }
}

const noSuchQueue = (queue: string) =>
  rejected(404, 'NOT_FOUND', `There is no queue ${queue}. The queues are ${QUEUES.join(', ')}.`);
