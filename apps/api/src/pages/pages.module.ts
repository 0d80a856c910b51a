import { Logger, Module, type MiddlewareConsumer, type NestModule, type OnModuleInit } from '@nestjs/common';
import { urlencoded } from 'express';
import { AccountsModule } from '#lib/accounts';
import { Mailer, MailModule } from '#lib/mail';
import { AuthModule } from '../http/auth/auth.module';
import { FORM_LIMITS } from '../http/bodies/form-reader.interceptor';
import { EmailController } from './email/email.controller';
import { AssetPagesModule } from './assets/asset-pages.module';
import { BalancePagesModule } from './balance/balance-pages.module';
import { DashboardModule } from './dashboard/dashboard.module';
import { DocumentationController } from './documentation/documentation.controller';
import { FlexibilityPagesModule } from './flexibility/flexibility-pages.module';
import { ForecastPagesModule } from './forecasts/forecast-pages.module';
import { FrameModule } from './frame/frame.module';
import { GraphPagesModule } from './graphs/graph-pages.module';
import { JobPagesModule } from './jobs/job-pages.module';
import { LoginController } from './login/login.controller';
import { PasswordController } from './password/password.controller';
import { PeoplePagesModule } from './users/people-pages.module';
import { SensorDataPagesModule } from './sensors/sensor-data-pages.module';
import { SchedulePagesModule } from './schedules/schedule-pages.module';
import { WebSessions } from './sessions/web-sessions';

/** Web pages: those of assets and sensors, start, login and logout, password reset, confirmation of an e-mail address. */
@Module({
  imports: [
    ...[AccountsModule, AuthModule, FrameModule, MailModule],
    // `/assets/new` comes before `/assets/:id`.
    ...[
      DashboardModule,
      AssetPagesModule,
      BalancePagesModule,
      FlexibilityPagesModule,
      ForecastPagesModule,
      GraphPagesModule,
      JobPagesModule,
      PeoplePagesModule,
      SchedulePagesModule,
      SensorDataPagesModule,
    ],
  ],
  controllers: [DocumentationController, EmailController, LoginController, PasswordController],
  providers: [WebSessions],
  exports: [FrameModule],
})
export class PagesModule implements NestModule, OnModuleInit {
  private readonly logger = new Logger(PagesModule.name);

  constructor(private readonly mailer: Mailer) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(urlencoded(FORM_LIMITS)).forRoutes(EmailController, LoginController, PasswordController);
  }

  onModuleInit(): void {
    if (this.mailer.isEnabled) return;
    this.logger.warn(
      'Mail is off, because MAIL_SERVER is not set: nobody gets a link to a new password or can change their e-mail address.',
    );
  }
}
