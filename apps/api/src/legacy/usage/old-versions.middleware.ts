import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { rejected, type ApiError } from '../../http/errors/api-error';
import { markDeprecated } from '../../http/headers/deprecation';
import { DEPRECATION, NEVER_SERVED, versionInPath } from './deprecation';
import { LegacyUsage } from './legacy-usage.service';

/** Paths of messages, whose bodies are read as JSON whatever their media type: some gateways name none, or another one. */
const MESSAGE = /\/(?:get|post)[A-Z][A-Za-z]{1,40}\/?$/;

/**
 * Marks all answers of old versions as deprecated, also those of failed requests; records who uses them; and answers 410
 * for versions that the host has switched off.
 */
@Injectable()
export class OldVersions implements NestMiddleware {
  constructor(
    private readonly usage: LegacyUsage,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'sunsetApiVersions'>,
  ) {}

  use(request: Request & { user?: ApiUser }, response: Response, next: NextFunction): void {
    // The path of a request in a middleware lacks the part that the middleware is for.
    const [path = ''] = request.originalUrl.split('?', 1);
    const version = versionInPath(path);
    if (version === undefined) {
      next();
      return;
    }
    markDeprecated(response, DEPRECATION);
    if (version === NEVER_SERVED || this.settings.sunsetApiVersions.includes(version)) throw gone(version);
    if (MESSAGE.test(path)) request.headers['content-type'] = 'application/json';
    response.once('finish', () => {
      const { user, method } = request;
      // Only requests that match a route have a user.
      const route = request.route as { path: string } | undefined;
      if (user && route) this.usage.record({ version, endpoint: `${method} ${route.path}`, user });
    });
    next();
  }
}

function gone(version: string): ApiError {
  const number = version.replace('v', '').replace('_', '.');
  return rejected(
    410,
    'GONE',
    `Version ${number} of the API is no longer available. Use version 3.0 at /api/v3_0; see /docs.`,
  );
}
