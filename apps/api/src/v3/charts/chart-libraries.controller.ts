import { dirname, join } from 'node:path';
import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../http/auth/authentication/public';

const fileBeside = (library: string, file: string): string => join(dirname(require.resolve(library)), file);

/** The libraries that draw charts, in the versions that the chart specifications need. */
const FILES = new Map([
  ['vega.min.js', fileBeside('vega', 'vega.min.js')],
  ['vega-lite.min.js', fileBeside('vega-lite', 'vega-lite.min.js')],
  ['vega-embed.min.js', fileBeside('vega-embed', 'vega-embed.min.js')],
  ['vega-interpreter.min.js', fileBeside('vega-interpreter', 'vega-interpreter.min.js')],
]);

const DAY_MS = 86_400_000;

/** Serves the chart libraries, so that pages need no other server. Pages of any origin may load them. */
@Public()
@ApiExcludeController()
@Controller('static/charts')
export class ChartLibrariesController {
  @Get(':file')
  file(@Param('file') name: string, @Res() response: Response): void {
    const path = FILES.get(name);
    if (path === undefined) throw new NotFoundException();
    response.set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' });
    response.sendFile(path, { maxAge: DAY_MS });
  }
}
