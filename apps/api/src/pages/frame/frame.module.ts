import { Inject, Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { AuthModule } from '../../http/auth/auth.module';
import { ERROR_PAGES } from '../../http/server/error-pages';
import { FramedErrorPages } from './error-pages';
import { FaviconController } from './favicon.controller';
import { Pages } from './pages.service';
import { WEB_FILE_ROUTES, webFiles } from './web-files';

/** The frame of all pages, and the files that they load. */
@Module({
  imports: [AuthModule, AccountsModule],
  controllers: [FaviconController],
  providers: [Pages, { provide: ERROR_PAGES, useClass: FramedErrorPages }],
  exports: [Pages, ERROR_PAGES],
})
export class FrameModule implements NestModule {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(webFiles(this.settings.pages)).forRoutes(...WEB_FILE_ROUTES);
  }
}
