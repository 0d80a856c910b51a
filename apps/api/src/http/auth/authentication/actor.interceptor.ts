import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { ActorContext } from '#lib/events';
import type { ApiUser } from './api-user';

/** Lets events tell which user sent the request that caused them. */
@Injectable()
export class ActorInterceptor implements NestInterceptor {
  constructor(private readonly actors: ActorContext) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const user = context.switchToHttp().getRequest<Request>().user as ApiUser | undefined;
    // What `handle` gives back runs in the context in which it was called.
    return user ? this.actors.run({ user: user.id }, () => next.handle()) : next.handle();
  }
}
