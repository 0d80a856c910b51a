import {
  applyDecorators,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';

/** When something was deprecated and will go, and where that is explained; RFC 8594 and the draft on Deprecation. */
export interface Deprecation {
  /** IMF-fixdate. */
  deprecated: string;
  sunset: string;
  link: string;
  /** Path of what takes its place. */
  successor?: string;
}

/** Says in the headers of every answer of a route, or of all routes of a controller, that it is deprecated. */
export const Deprecated = (deprecation: Deprecation): MethodDecorator & ClassDecorator =>
  applyDecorators(UseInterceptors(new DeprecationHeaders(deprecation)));

class DeprecationHeaders implements NestInterceptor {
  constructor(private readonly deprecation: Deprecation) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    markDeprecated(context.switchToHttp().getResponse<Response>(), this.deprecation);
    return next.handle();
  }
}

/** Says in the headers of an answer that something deprecated was used. */
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
