import type { NextFunction, Request, Response } from 'express';

/** Injection token of the dashboard of the queues in Redis; not provided without Redis. */
export const QUEUE_DASHBOARD = Symbol('QUEUE_DASHBOARD');

/** Dashboard of the queues in Redis. */
export interface QueueDashboard {
  /** Whether Redis can be reached. */
  isReachable: boolean;
  /** Answers a request to a path below /tasks/board, or calls `next` for an unknown path. */
  answer: (request: Request, response: Response, next: NextFunction) => void;
}
