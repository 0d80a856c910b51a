import { Controller, Get, Ip, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { AuthenticationService } from '#lib/accounts';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { LoginService } from '../../http/auth/throttle/login.service';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { SecondFactorNeeded } from '../../http/auth/throttle/second-factor';
import { ApiError, rejected } from '../../http/errors/api-error';
import { sendPage } from '../html/send-page';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import { WebSessions } from '../sessions/web-sessions';
import { localPath } from './local-path';
import { codePage, loginPage, logoutPage } from './login.pages';

/** Logging in and out in a browser. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly sessions: WebSessions,
    private readonly csrf: CsrfTokens,
    private readonly authentication: AuthenticationService,
  ) {}

  @Get('login')
  form(@Req() request: PageRequest, @Res() response: Response): void {
    const next = localPath(request.query['next']);
    if (request.user) response.redirect(303, next);
    else this.showForm(request, response, 200, { next });
  }

  @Post('login')
  async logIn(@Req() request: PageRequest, @Res() response: Response, @Ip() address: string): Promise<void> {
    const next = localPath(fieldOf(request, 'next'));
    const [email, password] = [fieldOf(request, 'email'), fieldOf(request, 'password')];
    if (!this.csrf.isValid(request)) {
      this.showForm(request, response, 403, { next, email, problem: OUTDATED });
      return;
    }
    try {
      const user = await this.logins.logIn({ email, password }, address);
      await this.sessions.begin(user, request, response);
      response.redirect(303, next);
    } catch (error) {
      if (error instanceof SecondFactorNeeded) {
        await this.askForCode(error, request, response, next);
        return;
      }
      const problem = loginErrorMessage(error);
      if (problem === undefined) throw error;
      const { httpStatus, headers } = error as ApiError;
      this.showForm(request, response.set(headers), httpStatus, { next, email, problem });
    }
  }

  @Post('login/code')
  async enterCode(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Ip() address: string,
  ): Promise<void> {
    const next = localPath(fieldOf(request, 'next'));
    const challenge = fieldOf(request, 'challenge');
    try {
      if (!this.csrf.isValid(request)) throw rejected(403, 'INVALID_SENDER', OUTDATED);
      const user = await this.logins.completeLogIn(challenge, fieldOf(request, 'code'), address);
      await this.sessions.begin(user, request, response);
      response.redirect(303, next);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { httpStatus, headers, message } = error;
      response.set(headers);
      if (httpStatus === 401) this.showForm(request, response, 401, { next, problem: TOO_LATE });
      else {
        const factor = fieldOf(request, 'factor') === 'mail' ? 'mail' : 'app';
        const shown = { next, challenge, factor, problem: message } as const;
        sendPage(response, httpStatus, codePage({ ...shown, csrf: this.csrf.tokenFor(request, response) }));
      }
    }
  }

  @Get('logout')
  logoutForm(@Req() request: PageRequest, @Res() response: Response): void {
    if (request.user?.session) sendPage(response, 200, logoutPage(this.csrf.tokenFor(request, response)));
    else response.redirect(303, '/');
  }

  @Post('logout')
  async logOut(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    if (request.user?.session && !this.csrf.isValid(request)) {
      sendPage(response, 403, logoutPage(this.csrf.tokenFor(request, response), OUTDATED));
      return;
    }
    await this.sessions.end(request, response);
    response.redirect(303, '/');
  }

  private async askForCode(
    { user, factor }: SecondFactorNeeded,
    request: PageRequest,
    response: Response,
    next: string,
  ): Promise<void> {
    const challenge = await this.authentication.issueChallenge(user);
    const csrf = this.csrf.tokenFor(request, response);
    sendPage(response, 200, codePage({ csrf, next, challenge, factor }));
  }

  private showForm(
    request: PageRequest,
    response: Response,
    status: number,
    shown: { next: string; email?: string; problem?: string },
  ): void {
    sendPage(response, status, loginPage({ ...shown, csrf: this.csrf.tokenFor(request, response) }));
  }
}

const TOO_LATE = 'The time to type the code is over. Please log in again.';
const OUTDATED = 'This form has expired. Please send it again.';

/** The message for a failed login; undefined for unexpected errors. */
function loginErrorMessage(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.httpStatus === 401) return 'No active user has this e-mail address and password.';
  return [403, 429, 503].includes(error.httpStatus) ? error.message : undefined;
}
