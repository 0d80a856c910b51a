import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Parameter decorator: the host name that a request was sent to, without port. */
export const HostName = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  // HTTP/1.0 requests may have no Host header.
  const { hostname } = context.switchToHttp().getRequest<Partial<Request>>();
  return hostname ?? 'localhost';
});
