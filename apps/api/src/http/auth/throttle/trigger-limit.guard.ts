import { Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { AuthenticatedUser } from '#lib/accounts';
import { RateLimits } from './rate-limits';

/** Limits requests for schedules and forecasts, whose computation takes long. */
@Injectable()
class TriggerLimit implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request & { user: AuthenticatedUser; resource?: { id: number } }>();
    await this.limits.countTrigger(request, http.getResponse<Response>(), request.user, request.resource);
    return true;
  }
}

/** Counts the accepted requests of a route, which all such routes share. */
export const LimitsTriggers = (): MethodDecorator => UseGuards(TriggerLimit);
