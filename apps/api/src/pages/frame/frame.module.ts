import { Inject, Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { PluginsModule } from '#lib/plugins';
import { AuthModule } from '../../http/auth/auth.module';
import { ERROR_PAGES } from '../../http/server/error-pages';
import { FramedErrorPages } from './error-pages';
import { Pages } from './pages.service';
import { WEB_FILE_ROUTES, webFiles } from './web-files';

/** The frame of all pages, and the files that they load. */
@Module({
  imports: [AuthModule, PluginsModule],
  providers: [Pages, { provide: ERROR_PAGES, useClass: FramedErrorPages }],
  exports: [Pages, ERROR_PAGES],
})
export class FrameModule implements NestModule {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(webFiles(this.settings.pages)).forRoutes(...WEB_FILE_ROUTES);
  }
}
