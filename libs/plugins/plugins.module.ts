import { Inject, Logger, Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { TaskRunsRepository } from '#lib/database';
import { ExtensionRegistry, ExtensionsModule } from '#lib/extensions';
import { setTaskRecorder } from '#lib/plugin-api';
import { SensorsModule } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { PluginContexts } from './plugin-contexts.service';
import { PluginDataService } from './plugin-data.service';
import { PluginEvents } from './plugin-events.service';
import { PluginLoader } from './plugin-loader';

/** Lets the domains of a process use the plugins that the host has named. Import it once, with `for`. */
@Module({
  imports: [AccountsModule, AssetsModule, BeliefsModule, ExtensionsModule, SensorsModule],
  providers: [PluginContexts, PluginDataService, PluginEvents],
  exports: [PluginContexts, PluginLoader],
})
export class PluginsModule {
  /** @param loader the plugins of this process */
  static for(loader: PluginLoader): DynamicModule {
    return { module: PluginsModule, global: true, providers: [{ provide: PluginLoader, useValue: loader }] };
  }

  constructor(
    loader: PluginLoader,
    extensions: ExtensionRegistry,
    runs: TaskRunsRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    setTaskRecorder((run) => runs.record({ ...run, datetime: new Date(clock.now()) }));
    extensions.register((reference, method) => loader.load(reference, method));
    const logger = new Logger('Plugins');
    for (const problem of [...loader.missing, ...loader.problems]) logger.warn(problem);
    for (const { module, failure, notes } of loader.plugins) {
      if (failure !== undefined) logger.error(`Plugin ${module} is not used: ${failure}`);
      for (const { level, text } of notes) {
        if (level === 'warning') logger.warn(`Plugin ${module}: ${text}`);
        else if (level === 'info') logger.log(`Plugin ${module}: ${text}`);
      }
    }
  }
}
