import { dirname, join } from 'node:path';
import { Controller, Get, Header, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { PluginLoader } from '#lib/plugins';
import { OLD_API_VERSIONS } from '#lib/config/model';
import { Public } from '../http/auth/authentication/public';
import { contractDocument } from './contract-document';
import { START } from './swagger-start';
import { ApiExcludeController } from '../http/contract/metadata';

/** Files of Swagger UI that the page needs. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js'];
const FOLDER = dirname(require.resolve('swagger-ui-dist/package.json'));
const DAY_MS = 86_400_000;

/** The OpenAPI document, and the files of Swagger UI; its page is in pages/documentation. */
@Public()
@ApiExcludeController()
@Controller()
export class DocsController {
  /** Documents by version; that of version 3 has no name. */
  private readonly documents = new Map<string | undefined, string>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly plugins: PluginLoader,
  ) {}

  @Get('openapi.json')
  @Header('Content-Type', 'application/json')
  contract(): string {
    return this.documentOf(undefined);
  }

  @Get('openapi/:file')
  @Header('Content-Type', 'application/json')
  oldContract(@Param('file') file: string): string {
    const version = OLD_API_VERSIONS.find((one) => file === `${one}.json`);
    if (version === undefined) throw new NotFoundException();
    return this.documentOf(version);
  }

  @Get('docs/start.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('docs/:file')
  file(@Param('file') name: string, @Res() response: Response): void {
    if (!FILES.includes(name)) throw new NotFoundException();
    response.sendFile(join(FOLDER, name), { maxAge: DAY_MS });
  }

  private documentOf(version: string | undefined): string {
    const known = this.documents.get(version);
    if (known !== undefined) return known;
    const document = contractDocument(this.settings.tokenHeader, this.plugins, version);
    this.documents.set(version, document);
    return document;
  }
}
