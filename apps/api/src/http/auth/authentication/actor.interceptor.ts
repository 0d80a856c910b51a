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
    const { method, user } = context.switchToHttp().getRequest<Request & { user?: ApiUser }>();
    // What `handle` gives back runs in the context in which it was called. Reading causes no events.
    return user && method !== 'GET' ? this.actors.run({ user: user.id }, () => next.handle()) : next.handle();
  }
}
