import { Logger, Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { ExtensionRegistry, ExtensionsModule } from '#lib/extensions';
import { PluginLoader } from './plugin-loader';

/** Lets the domains of a process use classes of the plugins that the host has named. */
@Module({
  imports: [ExtensionsModule],
  providers: [
    {
      provide: PluginLoader,
      inject: [SETTINGS],
      useFactory: ({ plugins }: Settings) => new PluginLoader(plugins),
    },
  ],
  exports: [PluginLoader],
})
export class PluginsModule {
  constructor(loader: PluginLoader, extensions: ExtensionRegistry) {
    extensions.register((reference, method) => loader.load(reference, method));
    const logger = new Logger('Plugins');
    for (const problem of loader.problems) logger.warn(problem);
  }
}
