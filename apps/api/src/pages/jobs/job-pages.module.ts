import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { ForecastingModule } from '#lib/forecasting';
import { JobsModule } from '#lib/queues';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { FORM_LIMITS } from '../../http/bodies/form-reader.interceptor';
import { JobsApiModule } from '../../v3/jobs/jobs.module';
import { FrameModule } from '../frame/frame.module';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { EarlierSchedules } from './earlier-schedules.service';
import { JobPageController } from './job-page.controller';
import { JobRetries } from './job-retries.service';

/** Pages of single jobs. */
@Module({
  imports: [
    ...[AuthModule, ForecastingModule, FrameModule, GraphPagesModule, JobsApiModule, JobsModule],
    ...[SchedulingModule, SensorsModule],
  ],
  controllers: [JobPageController],
  providers: [EarlierSchedules, JobRetries],
  exports: [JobRetries],
})
export class JobPagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(urlencoded(FORM_LIMITS)).forRoutes(JobPageController);
  }
}
