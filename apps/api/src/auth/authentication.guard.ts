import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { unauthenticated } from '../errors/api-error';
import { PUBLIC } from './public';

/** Lets a request through when its token is good, or when the route is public. */
@Injectable()
export class AuthenticationGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext) {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    return isPublic === true ? true : super.canActivate(context);
  }

  override handleRequest<User>(error: Error | null, user: User | false): User {
    // Not a bad token, but no way to tell.
    if (error) throw error;
    if (user === false) throw unauthenticated();
    return user;
  }
}
