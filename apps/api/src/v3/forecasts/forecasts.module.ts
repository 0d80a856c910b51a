import { Module } from '@nestjs/common';
import { ForecastingModule } from '#lib/forecasting';
import { SensorsModule } from '#lib/sensors';
import { RequestedForecastsController } from './requested-forecasts.controller';
import { SensorAccuracyController } from './sensor-accuracy.controller';

/** HTTP endpoints of forecast accuracy. */
@Module({
  imports: [ForecastingModule, SensorsModule],
  controllers: [SensorAccuracyController, RequestedForecastsController],
})
export class ForecastsApiModule {}
