import { join } from 'node:path';
import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../../http/auth/authentication/public';
import { ApiExcludeController } from '../../http/contract/metadata';

/** `dist/web/libraries`, seen from here. */
const FOLDER = join(__dirname, '..', '..', '..', '..', '..', 'web', 'libraries');

/** The libraries that draw charts, in the versions that the chart specifications need. */
const FILES = ['vega.min.js', 'vega-lite.min.js', 'vega-embed.min.js', 'vega-interpreter.min.js'];

const DAY_MS = 86_400_000;

/** Serves the chart libraries, so that pages need no other server. Pages of any origin may load them. */
@Public()
@ApiExcludeController()
@Controller('static/charts')
export class ChartLibrariesController {
  @Get(':file')
  file(@Param('file') name: string, @Res() response: Response): void {
    if (!FILES.includes(name)) throw new NotFoundException();
    response.set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' });
    response.sendFile(join(FOLDER, name), { maxAge: DAY_MS });
  }
}
