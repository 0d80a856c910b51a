import type { NextFunction, Request, Response } from 'express';
import type { ActorContext } from '#lib/events';
import { SAFE_METHODS } from './safe-methods';

/**
 * Middleware for the actor of the events that a request causes: the system, until authentication identifies the user.
 * Requests that only read cause no events.
 */
export function actorOfRequest(actors: ActorContext) {
  return ({ method }: Request, _response: Response, next: NextFunction): void => {
    if (SAFE_METHODS.includes(method)) next();
    else actors.runUnidentified(next);
  };
}
