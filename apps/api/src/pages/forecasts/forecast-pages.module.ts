import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { ForecastingModule } from '#lib/forecasting';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { FORM_LIMITS } from '../../http/bodies/form-reader.interceptor';
import { FrameModule } from '../frame/frame.module';
import { ForecastFormController } from './forecast-form.controller';
import { HelpfulSensors } from './helpful-sensors.service';

/** The page with which people ask for forecasts. */
@Module({
  imports: [AuthModule, ForecastingModule, FrameModule, SensorsModule],
  controllers: [ForecastFormController],
  providers: [HelpfulSensors],
})
export class ForecastPagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(urlencoded(FORM_LIMITS)).forRoutes(ForecastFormController);
  }
}
