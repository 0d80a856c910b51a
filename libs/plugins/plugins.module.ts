import { Module } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { PluginLoader } from './plugin-loader';

@Module({
  providers: [
    {
      provide: PluginLoader,
      inject: [SETTINGS],
      useFactory: ({ plugins }: Settings) => {
        const loader = new PluginLoader(plugins);
        for (const path of loader.places.missing) {
          new Logger('Plugins').warn(`FLEXMEASURES_PLUGINS names ${path}, which is not a folder.`);
        }
        return loader;
      },
    },
  ],
  exports: [PluginLoader],
})
export class PluginsModule {}
