import type { NextFunction, Request, Response } from 'express';

/** Injection token of the dashboard of queues on Redis; nothing is provided where there is no Redis. */
export const QUEUE_DASHBOARD = Symbol('QUEUE_DASHBOARD');

/** Shows the queues on Redis. */
export interface QueueDashboard {
  /** Whether there is something to show now. */
  isReachable: boolean;
  /** Answers a request to a path below /tasks, or calls `next` where it knows no such path. */
  answer: (request: Request, response: Response, next: NextFunction) => void;
}
