import { Controller, Get, Inject, Ip, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AuthenticationService } from '#lib/accounts';
import type { SecondFactor } from '#lib/accounts/model';
import { SETTINGS, type Settings } from '#lib/config';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { LoginService } from '../../http/auth/throttle/login.service';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { SecondFactorNeeded } from '../../http/auth/throttle/second-factor';
import { ApiError, rejected } from '../../http/errors/api-error';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import { WebSessions } from '../sessions/web-sessions';
import { localPath } from './local-path';

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
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'mode' | 'pages'>,
  ) {}

  @Get('login')
  async form(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const next = localPath(request.query['next']);
    if (request.user) response.redirect(303, next);
    else await this.showForm(request, response, 200, { next });
  }

  @Post('login')
  async logIn(@Req() request: PageRequest, @Res() response: Response, @Ip() address: string): Promise<void> {
    const next = localPath(fieldOf(request, 'next'));
    const [email, password] = [fieldOf(request, 'email'), fieldOf(request, 'password')];
    if (!this.csrf.isValid(request)) {
      await this.showForm(request, response, 403, { next, email, problem: OUTDATED });
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
      await this.showForm(request, response.set(headers), httpStatus, { next, email, problem });
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
      if (httpStatus === 401) await this.showForm(request, response, 401, { next, problem: TOO_LATE });
      else {
        const factor = fieldOf(request, 'factor') === 'mail' ? 'mail' : 'app';
        await this.showCodeForm(request, response, httpStatus, { next, challenge, factor, problem: message });
      }
    }
  }

  @Get('logout')
  async logoutForm(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    if (request.user?.session) await this.pages.send(request, response, 'logout.html', { title: LOG_OUT });
    else response.redirect(303, '/');
  }

  @Post('logout')
  async logOut(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    if (request.user?.session && !this.csrf.isValid(request)) {
      const content = { title: LOG_OUT, problem: OUTDATED };
      await this.pages.send(request, response, 'logout.html', content, { status: 403 });
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
    await this.showCodeForm(request, response, 200, { next, challenge, factor });
  }

  private showForm(
    request: PageRequest,
    response: Response,
    status: number,
    shown: { next: string; email?: string; problem?: string },
  ): Promise<void> {
    const { mode, pages } = this.settings;
    const demo = mode === 'demo' ? pages.demoCredentials : undefined;
    const content = { title: 'Log in', is_login: true, demo_credentials: demo, ...shown };
    return this.pages.sendLogin(request, response, content, status);
  }

  private showCodeForm(
    request: PageRequest,
    response: Response,
    status: number,
    shown: { next: string; challenge: string; factor: SecondFactor; problem?: string },
  ): Promise<void> {
    const content = { title: 'Log in: second factor', is_login: true, question: ASK[shown.factor], ...shown };
    return this.pages.send(request, response, 'login-code.html', content, { status, hasForm: true });
  }
}

const LOG_OUT = 'Log out';

const ASK: Record<SecondFactor, string> = {
  app: 'Type the code that your app shows, or one of your recovery codes.',
  mail: 'We have sent you a code by e-mail.',
};

const TOO_LATE = 'The time to type the code is over. Please log in again.';
const OUTDATED = 'This form has expired. Please send it again.';

/** The message for a failed login; undefined for unexpected errors. */
function loginErrorMessage(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.httpStatus === 401) return 'No active user has this e-mail address and password.';
  return [403, 429, 503].includes(error.httpStatus) ? error.message : undefined;
}
