import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { ForecastInputs } from './forecast-inputs';
import { ForecastStore } from './forecast-store';
import { ForecastingService } from './forecasting.service';

@Module({
  imports: [SensorsModule, BeliefsModule],
  providers: [ForecastingService, ForecastInputs, ForecastStore],
  exports: [ForecastingService],
})
export class ForecastingModule {}
