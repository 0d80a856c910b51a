import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BalanceModule } from '#lib/balance';
import { BeliefsModule } from '#lib/beliefs';
import { ChartsModule } from '#lib/charts';
import { ForecastingModule } from '#lib/forecasting';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { JobsApiModule } from '../../v3/jobs/jobs.module';
import { AssetGraphsController } from '../assets/asset-graphs.controller';
import { AssetHeaders } from '../assets/asset-header.service';
import { AssetNowService } from '../balance/asset-now.service';
import { FrameModule } from '../frame/frame.module';
import { PlansModule } from '../plans/plans.module';
import { SensorFigures } from '../sensors/sensor-figures.service';
import { PAGE_CLOCK } from '../frame/page-clock';
import { SensorGraphsController } from '../sensors/sensor-graphs.controller';
import { LiveContents } from './live-content.service';
import { LatestValues } from './latest-values.service';

/** Pages with charts: of assets and of sensors. */
@Module({
  imports: [
    ...[AssetsModule, BalanceModule, BeliefsModule, ChartsModule, ForecastingModule, FrameModule],
    ...[JobsApiModule, JobsModule, PlansModule, SensorsModule],
  ],
  controllers: [AssetGraphsController, SensorGraphsController],
  providers: [AssetHeaders, AssetNowService, LatestValues, LiveContents, PAGE_CLOCK, SensorFigures],
  exports: [AssetHeaders, LatestValues, LiveContents],
})
export class GraphPagesModule {}
