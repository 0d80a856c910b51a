import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import type { PageRequest } from '../sessions/page-request';

/** The documentation of the API, and whose work this is. */
@OptionalAuth()
@ApiExcludeController()
@Controller()
export class DocumentationController {
  constructor(private readonly pages: Pages) {}

  /** Swagger UI; all its files are served by this server. */
  @Get('docs')
  async show(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    await this.pages.send(request, response, 'docs.html', { title: 'API' });
  }

  @Get('credits')
  async credits(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    await this.pages.send(request, response, 'credits.html', { title: 'Credits' });
  }
}
