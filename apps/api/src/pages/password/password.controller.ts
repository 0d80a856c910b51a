import { Controller, Get, Ip, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { MailThrottle, PasswordResets } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { networkOf } from '../../http/auth/throttle/network';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { tooBusy } from '../../http/errors/api-error';
import { ServerUrl } from '../../http/headers/server-url';
import { sendPage } from '../html/send-page';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import {
  forgotPasswordPage,
  linkSentPage,
  newPasswordPage,
  passwordSavedPage,
  invalidLinkPage,
} from './password.pages';

const OUTDATED = 'This form has expired. Please send it again.';

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
  ) {}

  @Get()
  showRequestForm(@Req() request: PageRequest, @Res() response: Response): void {
    sendPage(response, 200, forgotPasswordPage(this.csrf.tokenFor(request, response)));
  }

  /** Sends the same response in the same time whether or not the user exists. */
  @Post()
  async sendLink(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Ip() address: string,
  ): Promise<void> {
    if (!this.csrf.isValid(request)) {
      sendPage(response, 403, forgotPasswordPage(this.csrf.tokenFor(request, response), OUTDATED));
      return;
    }
    const email = fieldOf(request, 'email');
    if (await this.throttle.allows(email, networkOf(address))) {
      await this.passwords.sendResetLink(email, this.serverUrl.passwordResetLink);
    }
    sendPage(response, 200, linkSentPage());
  }

  @Get(':token')
  async form(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Param('token') token: string,
  ): Promise<void> {
    const isGood = (await this.passwords.findUserByToken(token)) !== undefined;
    if (isGood) this.showForm(request, response, 200);
    else sendPage(response, 404, invalidLinkPage());
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
      this.showForm(request, response, 403, OUTDATED);
      return;
    }
    try {
      if (password !== fieldOf(request, 'again')) {
        throw new DomainError('USER_INVALID', 'The two passwords differ.', 'again');
      }
      const isSaved = await this.passwords.choosePassword(token, password, networkOf(address));
      sendPage(response, isSaved ? 200 : 404, isSaved ? passwordSavedPage() : invalidLinkPage());
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'TOO_BUSY') {
        const { httpStatus, headers } = tooBusy(error.message);
        this.showForm(request, response.set(headers), httpStatus, error.message);
      } else this.showForm(request, response, 422, error.message);
    }
  }

  private showForm(request: PageRequest, response: Response, status: number, problem?: string): void {
    sendPage(response, status, newPasswordPage(this.csrf.tokenFor(request, response), problem));
  }
}
