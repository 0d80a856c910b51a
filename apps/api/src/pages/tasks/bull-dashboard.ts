import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Inject, Injectable } from '@nestjs/common';
import express, { type NextFunction, type Request, type Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { QUEUES } from '#lib/queues';
import { RedisQueues } from '#lib/queues/redis';
import type { QueueDashboard } from './queue-dashboard';

const BASE_PATH = '/tasks/board';

/** The pages of bull-board, read-only: the database holds the state of jobs, so that changes in Redis would have no effect. */
@Injectable()
export class BullDashboard implements QueueDashboard {
  private board: express.Express | undefined;

  constructor(
    private readonly queues: RedisQueues,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dashboardPollMs'>,
  ) {}

  get isReachable(): boolean {
    return this.queues.isReachable;
  }

  answer(request: Request, response: Response, next: NextFunction): void {
    this.board ??= this.makeBoard();
    this.board(request, response, next);
  }

  private makeBoard(): express.Express {
    const pages = new ExpressAdapter().setBasePath(BASE_PATH);
    createBullBoard({
      queues: QUEUES.map((name) => new BullAdapter(this.queues.get(name), { readOnlyMode: true })),
      serverAdapter: pages,
      options: {
        uiConfig: {
          boardTitle: 'FlexMeasures: queues',
          pollingInterval: {
            showSetting: false,
            forceInterval: Math.max(1, Math.round(this.settings.dashboardPollMs / 1000)),
          },
        },
      },
    });
    return express().use(BASE_PATH, pages.getRouter() as express.Express);
  }
}
