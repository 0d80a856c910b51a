import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { rejected, unauthenticated } from '../../errors/api-error';
import type { ApiUser } from './api-user';
import { CsrfTokens } from './csrf-tokens';
import { PUBLIC, VISITORS } from './public';

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** Lets a request through when its token or session is good, or when the route is public. */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['jwt', 'browser-session']) {
  constructor(
    private readonly reflector: Reflector,
    private readonly csrf: CsrfTokens,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext) {
    return this.isMarked(PUBLIC, context) ? true : super.canActivate(context);
  }

  override handleRequest<User = ApiUser>(
    error: Error | null | undefined,
    user: User | false,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error) throw error;
    if (this.isMarked(VISITORS, context)) return (user === false ? undefined : user) as User;
    if (user === false) throw unauthenticated();
    this.checkChange(user as ApiUser, context.switchToHttp().getRequest<Request>());
    return user;
  }

  /** Browsers send the cookie of a session also where another site wants something changed; our pages tell more. */
  private checkChange({ session }: ApiUser, request: Request): void {
    if (!session || READING.includes(request.method) || this.csrf.isValid(request)) return;
    throw rejected(403, 'INVALID_SENDER', 'Changes by session need the header X-CSRF-Token of its pages.');
  }

  private isMarked(mark: string, context: ExecutionContext): boolean {
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(mark, [
        context.getHandler(),
        context.getClass(),
      ]) === true
    );
  }
}
