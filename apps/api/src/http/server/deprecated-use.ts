import type { NextFunction, Request, Response } from 'express';
import type { Client, DeprecationWarnings } from '../headers/deprecation-warnings';

/** The current version of the API. Older versions count and report their use themselves. */
const CURRENT = /^\/api\/v3_0\//;

/** Express middleware that warns about requests whose response has a Deprecation header, with the user who sent them. */
export const reportDeprecatedUse =
  (warnings: DeprecationWarnings) =>
  (request: Request & { user?: Client }, response: Response, next: NextFunction): void => {
    response.once('finish', () => {
      const { user, method } = request;
      const route = request.route as { path: string } | undefined;
      if (!user || !route || response.getHeader('Deprecation') === undefined || !CURRENT.test(request.path))
        return;
      warnings.warn('A request has deprecated fields:', `${method} ${route.path}`, user);
    });
    next();
  };
