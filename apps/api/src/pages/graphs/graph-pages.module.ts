import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { ChartsModule } from '#lib/charts';
import { SensorsModule } from '#lib/sensors';
import { AssetGraphsController } from '../assets/asset-graphs.controller';
import { AssetHeaders } from '../assets/asset-header.service';
import { FrameModule } from '../frame/frame.module';
import { PAGE_CLOCK } from '../frame/page-clock';
import { SensorGraphsController } from '../sensors/sensor-graphs.controller';
import { LatestValues } from './latest-values.service';

/** Pages with charts: of assets and of sensors. */
@Module({
  imports: [AssetsModule, BeliefsModule, ChartsModule, FrameModule, SensorsModule],
  controllers: [AssetGraphsController, SensorGraphsController],
  providers: [AssetHeaders, LatestValues, PAGE_CLOCK],
  exports: [AssetHeaders, LatestValues],
})
export class GraphPagesModule {}
