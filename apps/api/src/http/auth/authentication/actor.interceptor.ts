import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { ActorContext } from '#lib/events';
import type { ApiUser } from './api-user';

/** Records the user of a request as the actor of the events that it causes. */
@Injectable()
export class ActorInterceptor implements NestInterceptor {
  constructor(private readonly actors: ActorContext) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const user = context.switchToHttp().getRequest<Request>().user as ApiUser | undefined;
    // The observable runs in the async context in which `handle` was called.
    return user ? this.actors.run({ user: user.id }, () => next.handle()) : next.handle();
  }
}
