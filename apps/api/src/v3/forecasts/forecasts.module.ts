import { Module } from '@nestjs/common';
import { ForecastingModule } from '#lib/forecasting';
import { SensorsModule } from '#lib/sensors';
import { SensorAccuracyController } from './sensor-accuracy.controller';

/** Accuracy of forecasts over HTTP. */
@Module({ imports: [ForecastingModule, SensorsModule], controllers: [SensorAccuracyController] })
export class ForecastsApiModule {}
