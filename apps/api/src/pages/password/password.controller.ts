import { Controller, Get, Ip, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MailThrottle, PasswordResets } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { networkOf } from '../../http/auth/throttle/network';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { tooBusy } from '../../http/errors/api-error';
import { ServerUrl } from '../../http/headers/server-url';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import { fieldOf, type PageRequest } from '../sessions/page-request';

const OUTDATED = 'This form has expired. Please send it again.';

const LINK_SENT = {
  title: 'Check your e-mail',
  text: 'If there is an active user with this e-mail address, we have sent it a link.',
};

const INVALID_LINK = {
  title: 'This link is no longer valid',
  text: 'A link works once and expires after a limited time.',
  is_problem: true,
  link: { path: '/reset-password', text: 'Get a new link' },
};

const SAVED = {
  title: 'The new password is saved',
  text: 'You were logged out everywhere.',
  link: { path: '/login', text: 'Log in' },
};

/** Requests and uses links to reset a password. */
@OptionalAuth()
@ApiExcludeController()
@Controller('reset-password')
export class PasswordController {
  constructor(
    private readonly passwords: PasswordResets,
    private readonly csrf: CsrfTokens,
    private readonly serverUrl: ServerUrl,
    private readonly throttle: MailThrottle,
    private readonly pages: Pages,
  ) {}

  @Get()
  showRequestForm(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    return this.sendRequestForm(request, response, 200);
  }

  /** Sends the same response in the same time whether or not the user exists. */
  @Post()
  async sendLink(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Ip() address: string,
  ): Promise<void> {
    if (!this.csrf.isValid(request)) {
      await this.sendRequestForm(request, response, 403, OUTDATED);
      return;
    }
    const email = fieldOf(request, 'email');
    if (await this.throttle.allows(email, networkOf(address))) {
      await this.passwords.sendResetLink(email, this.serverUrl.passwordResetLink);
    }
    await this.pages.sendNotice(request, response, LINK_SENT);
  }

  @Get(':token')
  async form(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Param('token') token: string,
  ): Promise<void> {
    const isGood = (await this.passwords.findUserByToken(token)) !== undefined;
    if (isGood) await this.showForm(request, response, 200);
    else await this.pages.sendNotice(request, response, INVALID_LINK, 404);
  }

  @Post(':token')
  async savePassword(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Param('token') token: string,
    @Ip() address: string,
  ): Promise<void> {
    const password = fieldOf(request, 'password');
    if (!this.csrf.isValid(request)) {
      await this.showForm(request, response, 403, OUTDATED);
      return;
    }
    try {
      if (password !== fieldOf(request, 'again')) {
        throw new DomainError('USER_INVALID', 'The two passwords differ.', 'again');
      }
      const isSaved = await this.passwords.choosePassword(token, password, networkOf(address));
      if (isSaved) await this.pages.sendNotice(request, response, SAVED);
      else await this.pages.sendNotice(request, response, INVALID_LINK, 404);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'TOO_BUSY') {
        const { httpStatus, headers } = tooBusy(error.message);
        await this.showForm(request, response.set(headers), httpStatus, error.message);
      } else await this.showForm(request, response, 422, error.message);
    }
  }

  private sendRequestForm(
    request: PageRequest,
    response: Response,
    status: number,
    problem?: string,
  ): Promise<void> {
    const content = { title: 'Forgot the password?', problem };
    return this.pages.send(request, response, 'forgot-password.html', content, { status, hasForm: true });
  }

  private showForm(
    request: PageRequest,
    response: Response,
    status: number,
    problem?: string,
  ): Promise<void> {
    const content = { title: 'Choose a new password', problem };
    return this.pages.send(request, response, 'new-password.html', content, { status, hasForm: true });
  }
}
