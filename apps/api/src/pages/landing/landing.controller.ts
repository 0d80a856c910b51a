import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { valuesFor } from '../frame/menu';
import { Pages } from '../frame/pages.service';
import type { PageRequest } from '../sessions/page-request';

/** The start page. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class LandingController {
  constructor(
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'pages'>,
  ) {}

  @Get()
  async show(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const { user } = request;
    const [root] = user ? valuesFor(this.settings.pages.rootViews, user.accountRoles) : [];
    const path = `/${(root ?? '').replace(/^\/+/, '')}`;
    if (path === '/') await this.pages.send(request, response, 'landing.html', { title: 'Start' });
    else response.redirect(303, path);
  }
}
