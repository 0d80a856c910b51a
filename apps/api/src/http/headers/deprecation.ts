import {
  applyDecorators,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';

/** Dates of deprecation and removal, with links; see RFC 8594 and the draft of the Deprecation header. */
export interface Deprecation {
  /** IMF-fixdate. */
  deprecated: string;
  sunset: string;
  link: string;
  /** Path of the replacement. */
  successor?: string;
}

/** Adds deprecation headers to every response of a route, or of all routes of a controller. */
export const Deprecated = (deprecation: Deprecation): MethodDecorator & ClassDecorator =>
  applyDecorators(UseInterceptors(new DeprecationHeaders(deprecation)));

class DeprecationHeaders implements NestInterceptor {
  constructor(private readonly deprecation: Deprecation) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    markDeprecated(context.switchToHttp().getResponse<Response>(), this.deprecation);
    return next.handle();
  }
}

/** Adds deprecation headers to a response. */
export function markDeprecated(response: Response, deprecation: Deprecation): void {
  const { deprecated, sunset, link, successor } = deprecation;
  response.setHeader('Deprecation', deprecated);
  response.setHeader('Sunset', sunset);
  response.append('Link', [
    `<${link}>; rel="deprecation"; type="text/html"`,
    `<${link}>; rel="sunset"; type="text/html"`,
    ...(successor === undefined ? [] : [`<${successor}>; rel="successor-version"`]),
  ]);
}
