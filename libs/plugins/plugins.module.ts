import { Inject, Logger, Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { TaskRunsRepository } from '#lib/database';
import { ExtensionRegistry, ExtensionsModule } from '#lib/extensions';
import { setTaskRecorder } from '#lib/plugin-api';
import { CLOCK, type Clock } from '#lib/time';
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
})
export class PluginsModule {
  constructor(
    loader: PluginLoader,
    extensions: ExtensionRegistry,
    runs: TaskRunsRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    setTaskRecorder((run) => runs.record({ ...run, datetime: new Date(clock.now()) }));
    extensions.register((reference, method) => loader.load(reference, method));
    const logger = new Logger('Plugins');
    for (const problem of loader.problems) logger.warn(problem);
  }
}
