import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { AssetsModule } from '#lib/assets';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { JobsApiModule } from '../../v3/jobs/jobs.module';
import { SchedulesApiModule } from '../../v3/schedules/schedules.module';
import { FrameModule } from '../frame/frame.module';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { PAGE_CLOCK } from '../frame/page-clock';
import { LARGE_FORM } from '../forms/large-form';
import { PlansModule } from '../plans/plans.module';
import { PriceSensors } from './price-choices.service';
import { ScheduleFormController } from './schedule-form.controller';
import { SiteScheduleFormController } from './site-schedule-form.controller';

/** Pages with which people ask for schedules and see what came out. */
@Module({
  imports: [
    ...[AssetsModule, AuthModule, FrameModule, GraphPagesModule, JobsApiModule, JobsModule, PlansModule],
    ...[SchedulesApiModule, SensorsModule],
  ],
  controllers: [ScheduleFormController, SiteScheduleFormController],
  providers: [PAGE_CLOCK, PriceSensors],
})
export class SchedulePagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(urlencoded(LARGE_FORM)).forRoutes(ScheduleFormController, SiteScheduleFormController);
  }
}
