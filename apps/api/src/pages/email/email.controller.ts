import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { EmailChanges } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import type { PageRequest } from '../sessions/page-request';

const OUTDATED = 'This form has expired. Please send it again.';
const TITLE = 'Confirm your e-mail address';

const CONFIRMED = {
  title: 'Your e-mail address has changed',
  text: 'From now on, log in with the new address.',
  link: { path: '/login', text: 'Log in' },
};

const INVALID_LINK = {
  title: 'This link is no longer valid',
  text: 'A link works once and expires after a limited time. Request the change again.',
  is_problem: true,
};

/** Confirms new e-mail addresses. A form follows the link, because mail programs open links by themselves. */
@OptionalAuth()
@ApiExcludeController()
@Controller('confirm-email/:token')
export class EmailController {
  constructor(
    private readonly changes: EmailChanges,
    private readonly csrf: CsrfTokens,
    private readonly pages: Pages,
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
      if (isConfirmed) await this.pages.sendNotice(request, response, CONFIRMED);
      else await this.pages.sendNotice(request, response, INVALID_LINK, 404);
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
      await this.pages.sendNotice(request, response, INVALID_LINK, 404);
      return;
    }
    const content = { title: TITLE, username: change.user.username, email: change.email, problem };
    await this.pages.send(request, response, 'confirm-email.html', content, { status, hasForm: true });
  }
}
