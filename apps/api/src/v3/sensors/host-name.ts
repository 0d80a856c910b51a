import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Name of the host that a request was sent to, without port. */
export const HostName = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  // HTTP/1.0 does without.
  const { hostname } = context.switchToHttp().getRequest<Partial<Request>>();
  return hostname ?? 'localhost';
});
