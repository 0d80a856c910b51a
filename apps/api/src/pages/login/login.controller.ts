import { Controller, Get, Ip, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { LoginService } from '../../http/auth/throttle/login.service';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { ApiError } from '../../http/errors/api-error';
import { sendPage } from '../html/send-page';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import { WebSessions } from '../sessions/web-sessions';
import { localPath } from './local-path';
import { loginPage, logoutPage } from './login.pages';

/** Logging in and out in a browser. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly sessions: WebSessions,
    private readonly csrf: CsrfTokens,
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
      const problem = loginErrorMessage(error);
      if (problem === undefined) throw error;
      const { httpStatus, headers } = error as ApiError;
      this.showForm(request, response.set(headers), httpStatus, { next, email, problem });
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

  private showForm(
    request: PageRequest,
    response: Response,
    status: number,
    shown: { next: string; email?: string; problem?: string },
  ): void {
    sendPage(response, status, loginPage({ ...shown, csrf: this.csrf.tokenFor(request, response) }));
  }
}

const OUTDATED = 'This form has expired. Please send it again.';

/** The message for a failed login; undefined for unexpected errors. */
function loginErrorMessage(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.httpStatus === 401) return 'No active user has this e-mail address and password.';
  return [429, 503].includes(error.httpStatus) ? error.message : undefined;
}
