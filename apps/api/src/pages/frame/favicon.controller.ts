import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../../http/auth/authentication/public';
import { webFilePath } from './built-web';
import { ApiExcludeController } from '../../http/contract/metadata';

/** The icon of the platform, which plugins can replace. */
@Public()
@ApiExcludeController()
@Controller('favicon.ico')
export class FaviconController {
  @Get()
  icon(@Res() response: Response): void {
    response.redirect(302, webFilePath('icon.svg'));
  }
}
