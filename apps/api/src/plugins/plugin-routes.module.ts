import {
  Inject,
  Module,
  RequestMethod,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { urlencoded } from 'express';
import { listOf, PluginLoader } from '#lib/plugins';
import { AuthModule } from '../http/auth/auth.module';
import { FORM_LIMITS } from '../http/bodies/form-reader.interceptor';
import { FrameModule } from '../pages/frame/frame.module';
import { controllerOf } from './plugin-controller';
import { mountedControllerOf } from './mounted-controller';
import { PluginDispatcher } from './plugin-dispatcher.service';
import { PluginStaticController } from './plugin-static.controller';

/** The views and API routes of plugins. It comes before all other routes, so that plugins can replace these. */
@Module({})
export class PluginRoutesModule implements NestModule {
  constructor(@Inject(PluginLoader) private readonly loader: PluginLoader) {}

  /** @param loader the plugins of this process */
  static for(loader: PluginLoader): DynamicModule {
    return {
      module: PluginRoutesModule,
      imports: [AuthModule, FrameModule],
      controllers: [
        ...loader.defined.flatMap((plugin) => [
          controllerOf(plugin),
          ...(plugin.definition.controllers ?? []).map((one) => mountedControllerOf(plugin, one)),
        ]),
        PluginStaticController,
      ],
      providers: [PluginDispatcher],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    const forms = this.loader.defined
      .flatMap(({ definition }) => definition.views ?? [])
      .filter(({ method }) => method === 'POST')
      .flatMap((view) => listOf(view.path))
      .map((path) => ({ path, method: RequestMethod.POST }));
    if (forms.length > 0) consumer.apply(urlencoded(FORM_LIMITS)).forRoutes(...forms);
  }
}
