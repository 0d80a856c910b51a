import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { EmailChanges } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { sendPage } from '../html/send-page';
import type { PageRequest } from '../sessions/page-request';
import { confirmEmailPage, emailConfirmedPage, invalidConfirmationPage } from './email.pages';

const OUTDATED = 'This form has expired. Please send it again.';

/** Confirms new e-mail addresses. A form follows the link, because mail programs open links by themselves. */
@OptionalAuth()
@ApiExcludeController()
@Controller('confirm-email/:token')
export class EmailController {
  constructor(
    private readonly changes: EmailChanges,
    private readonly csrf: CsrfTokens,
  ) {}

  @Get()
  showForm(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Param('token') token: string,
  ): Promise<void> {
    return this.sendForm(request, response, token, 200);
  }

  @Post()
  async confirm(
    @Req() request: PageRequest,
    @Res() response: Response,
    @Param('token') token: string,
  ): Promise<void> {
    if (!this.csrf.isValid(request)) return this.sendForm(request, response, token, 403, OUTDATED);
    try {
      const isConfirmed = await this.changes.confirm(token);
      if (isConfirmed) sendPage(response, 200, emailConfirmedPage());
      else sendPage(response, 404, invalidConfirmationPage());
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.sendForm(request, response, token, 422, error.message);
    }
  }

  private async sendForm(
    request: PageRequest,
    response: Response,
    token: string,
    status: number,
    problem?: string,
  ): Promise<void> {
    const change = await this.changes.findByToken(token);
    if (!change) {
      sendPage(response, 404, invalidConfirmationPage());
      return;
    }
    const csrf = this.csrf.tokenFor(request, response);
    sendPage(response, status, confirmEmailPage(csrf, change.user.username, change.email, problem));
  }
}
