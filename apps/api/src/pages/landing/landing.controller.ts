import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { html, page, type Html } from '../html/html';
import { sendPage } from '../html/send-page';
import { logoutForm } from '../login/login.pages';
import type { PageRequest } from '../sessions/page-request';

/** The start page. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class LandingController {
  constructor(private readonly csrf: CsrfTokens) {}

  @Get()
  show(@Req() request: PageRequest, @Res() response: Response): void {
    const { user } = request;
    const csrf = user?.session && this.csrf.tokenFor(request, response);
    const content = html`${user ? html`<p>You are logged in as ${user.username}.</p>` : LOG_IN}
    ${csrf === undefined ? undefined : logoutForm(csrf)} ${LINKS}
    ${user?.roles.includes('admin') ? TASKS : undefined}`;
    sendPage(response, 200, page('FlexMeasures', content, csrfMetaTag(csrf)));
  }
}

/** The CSRF token for the scripts of the page. */
const csrfMetaTag = (csrf: string | undefined): Html | undefined =>
  csrf === undefined ? undefined : html`<meta name="csrf-token" content="${csrf}" />`;

const LOG_IN = html`<p>You are not logged in. <a href="/login">Log in</a></p>`;

const LINKS = html`<ul>
  <li>Documentation of the API: <a href="/docs">/docs</a></li>
  <li>OpenAPI document: <a href="/openapi.json">/openapi.json</a></li>
  <li>Health of the server: <a href="/api/v3_0/health/ready">/api/v3_0/health/ready</a></li>
</ul>`;

const TASKS = html`<p>For admins: <a href="/tasks">queues and jobs</a></p>`;
