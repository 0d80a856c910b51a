import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { ApiUser } from './api-user';
import { SessionStrategy } from './session.strategy';
import { TokenStrategy } from './token.strategy';

/** Looks up the users of requests that stay open, whose rights may change meanwhile. This is not recorded as a use or refusal. */
@Injectable()
export class CurrentUsers {
  constructor(
    private readonly tokens: TokenStrategy,
    private readonly sessions: SessionStrategy,
  ) {}

  /** The user of an authenticated request with the rights of now; undefined if its token or session has ended. */
  find(request: Request & { user: ApiUser }): Promise<ApiUser | undefined> {
    return request.user.session ? this.sessions.findUserAgain(request) : this.tokens.findUserAgain(request);
  }
}
