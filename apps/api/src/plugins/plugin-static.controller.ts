import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { PluginLoader } from '#lib/plugins';
import { Public } from '../http/auth/authentication/public';
import { rejected } from '../http/errors/api-error';
import { sendStatic } from './plugin-files';
import { ApiExcludeController } from '../http/contract/metadata';

/** The static files of plugins. */
@Public()
@ApiExcludeController()
@Controller('static/plugins')
export class PluginStaticController {
  constructor(private readonly loader: PluginLoader) {}

  @Get(':plugin/*path')
  async file(
    @Param('plugin') name: string,
    @Param('path') path: string | string[],
    @Res() response: Response,
  ): Promise<void> {
    const plugin = this.loader.defined.find((one) => one.name === name);
    if (!plugin) throw rejected(404, 'NOT_FOUND', `There is no plugin ${name}.`);
    await sendStatic(plugin, { path: [path].flat().join('/') }, response);
  }
}
