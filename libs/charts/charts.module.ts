import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { ChartData } from './chart-data.service';
import { ChartSeries } from './chart-series.service';
import { ChartsService } from './charts.service';
import { ShownSensors } from './shown-sensors.service';

@Module({
  imports: [BeliefsModule, SensorsModule],
  providers: [ChartData, ChartSeries, ChartsService, ShownSensors],
  exports: [ChartsService],
})
export class ChartsModule {}
