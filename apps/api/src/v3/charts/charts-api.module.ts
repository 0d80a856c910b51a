import { Module } from '@nestjs/common';
import { ChartsModule } from '#lib/charts';
import { AssetChartsController } from './asset-charts.controller';
import { ChartLibrariesController } from './chart-libraries.controller';
import { DeveloperController } from './developer.controller';

/** HTTP endpoints of charts. */
@Module({
  imports: [ChartsModule],
  controllers: [AssetChartsController, DeveloperController, ChartLibrariesController],
})
export class ChartsApiModule {}
