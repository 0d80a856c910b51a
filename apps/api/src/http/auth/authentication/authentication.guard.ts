import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { ActorContext } from '#lib/events';
import { unauthenticated } from '../../errors/api-error';
import { RateLimits } from '../throttle/rate-limits';
import type { ApiUser } from './api-user';
import { CsrfTokens, csrfTokenNeeded } from './csrf-tokens';
import { PUBLIC, OPTIONAL_AUTH } from './public';
import { SAFE_METHODS } from './safe-methods';
import { TokenStrategy } from './token.strategy';

/** Requires a valid token or session, unless the route is public, and limits how often clients may send requests. */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['jwt', 'browser-session']) {
  constructor(
    private readonly reflector: Reflector,
    private readonly csrf: CsrfTokens,
    private readonly actors: ActorContext,
    private readonly tokens: TokenStrategy,
    private readonly limits: RateLimits,
  ) {
    super();
  }

  /** Requests without a user, also those with a wrong token, count for the network address of the client. */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const isPublic = this.hasMetadata(PUBLIC, context) && !this.hasMetadata(OPTIONAL_AUTH, context);
    if (!isPublic)
      await this.authenticate(request, context).catch(async (error: unknown) => {
        await this.limits.count(request, response);
        throw error;
      });
    await this.limits.count(request, response, request.user as ApiUser | undefined);
    return true;
  }

  /** Device tokens, and tokens that Passport verified for an earlier request, are only looked up. */
  private async authenticate(request: Request, context: ExecutionContext): Promise<boolean> {
    const user = await this.tokens.findUser(request);
    if (!user) return super.canActivate(context) as Promise<boolean>;
    request.user = this.handleRequest(undefined, user, undefined, context);
    return true;
  }

  override handleRequest<User = ApiUser>(
    error: Error | null | undefined,
    user: User | false,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error) throw error;
    if (user !== false) this.actors.identify(actorOf(user as ApiUser));
    if (this.hasMetadata(OPTIONAL_AUTH, context)) return (user === false ? undefined : user) as User;
    if (user === false) throw unauthenticated();
    this.checkCsrf(user as ApiUser, context.switchToHttp().getRequest<Request>());
    return user;
  }

  /** Requests with a session cookie that change data need a CSRF token, which other sites cannot read. */
  private checkCsrf({ session }: ApiUser, request: Request): void {
    if (!session || SAFE_METHODS.includes(request.method) || this.csrf.isValid(request)) return;
    throw csrfTokenNeeded();
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

const actorOf = ({ id, device }: ApiUser) => ({ user: id, ...(device && { token: device.name }) });
