import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { rejected, unauthenticated } from '../../errors/api-error';
import type { ApiUser } from './api-user';
import { CsrfTokens } from './csrf-tokens';
import { PUBLIC, OPTIONAL_AUTH } from './public';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Requires a valid token or session, unless the route is public. */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['jwt', 'browser-session']) {
  constructor(
    private readonly reflector: Reflector,
    private readonly csrf: CsrfTokens,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext) {
    const isPublic = this.hasMetadata(PUBLIC, context) && !this.hasMetadata(OPTIONAL_AUTH, context);
    return isPublic ? true : super.canActivate(context);
  }

  override handleRequest<User = ApiUser>(
    error: Error | null | undefined,
    user: User | false,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error) throw error;
    if (this.hasMetadata(OPTIONAL_AUTH, context)) return (user === false ? undefined : user) as User;
    if (user === false) throw unauthenticated();
    this.checkCsrf(user as ApiUser, context.switchToHttp().getRequest<Request>());
    return user;
  }

  /** Requests with a session cookie that change data need a CSRF token, which other sites cannot read. */
  private checkCsrf({ session }: ApiUser, request: Request): void {
    if (!session || SAFE_METHODS.includes(request.method) || this.csrf.isValid(request)) return;
    throw rejected(
      403,
      'INVALID_SENDER',
      'Requests with a session cookie need a valid header X-CSRF-Token to change data.',
    );
  }

  private hasMetadata(key: string, context: ExecutionContext): boolean {
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(key, [
        context.getHandler(),
        context.getClass(),
      ]) === true
    );
  }
}
