import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { EventsModule } from '#lib/events';
import { SensorsModule } from '#lib/sensors';
import { ChartData } from './chart-data.service';
import { ChartSeries } from './chart-series.service';
import { ChartsService } from './charts.service';
import { Kpis } from './kpis.service';
import { ShownPruning } from './shown-pruning.service';
import { ShownSensors } from './shown-sensors.service';

@Module({
  imports: [AssetsModule, BeliefsModule, EventsModule, SensorsModule],
  providers: [ChartData, ChartSeries, ChartsService, Kpis, ShownPruning, ShownSensors],
  exports: [ChartsService, Kpis],
})
export class ChartsModule {}
