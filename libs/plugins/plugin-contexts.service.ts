import { Injectable, Logger } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { PluginContext } from '#lib/plugin-api';
import { PluginDataService } from './plugin-data.service';
import type { LoadedPlugin } from './plugin-loader';

/** Makes what handlers of plugins get. */
@Injectable()
export class PluginContexts {
  constructor(private readonly data: PluginDataService) {}

  /** @param requester the user for whom the handler works; the host by default */
  contextOf({ name, settings }: LoadedPlugin, requester?: Requester): PluginContext {
    const logger = new Logger(`Plugin ${name}`);
    return {
      setting: (setting) => settings.get(setting),
      log: {
        info: (message) => logger.log(message),
        warning: (message) => logger.warn(message),
        error: (message) => logger.error(message),
      },
      data: this.data.for(requester),
    };
  }
}
