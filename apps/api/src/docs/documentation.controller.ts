import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../http/auth/authentication/public';
import { rejected } from '../http/errors/api-error';
import { ApiExcludeController } from '../http/contract/metadata';

/** The site that `npm run docs` builds, as `dist/documentation`. */
const FOLDER = join(__dirname, '..', '..', '..', '..', 'documentation');

/** Paths of pages and files: names without dots at their start. */
const PATH = /^(?:[\w-][\w.-]*(?:\/[\w-][\w.-]*)*)?$/;
const NOT_BUILT =
  'The documentation has not been built. Run "npm run docs" in the folder of the program, then load this page again.';

/** The documentation for users, hosts and developers. */
@Public()
@ApiExcludeController()
@Controller('documentation')
export class DocumentationController {
  @Get()
  start(@Res() response: Response): void {
    send('', response);
  }

  @Get('*path')
  page(@Param('path') path: string[], @Res() response: Response): void {
    send(path.join('/'), response);
  }
}

/** Sends the page or file at a path. @throws ApiError 404 */
function send(path: string, response: Response): void {
  // Browsers ask whether a page has changed, because a new release has the same addresses.
  response.sendFile(findPage(path), {
    ...{ root: FOLDER, cacheControl: false },
    headers: { 'Cache-Control': 'no-cache' },
  });
}

/** The file in the folder of the site, for a path of a page or file. @throws ApiError 404 */
export function findPage(path: string, folder = FOLDER): string {
  if (!existsSync(folder)) throw rejected(404, 'NOT_FOUND', NOT_BUILT);
  const files = PATH.test(path) ? [`${path}.html`, join(path, 'index.html'), path] : [];
  const file = files.find((name) => /\.(?:html|json|svg)$/.test(name) && existsSync(join(folder, name)));
  if (file === undefined) throw rejected(404, 'NOT_FOUND', 'There is nothing at this path.');
  return file;
}
