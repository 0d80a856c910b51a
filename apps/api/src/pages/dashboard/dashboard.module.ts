import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { SensorsModule } from '#lib/sensors';
import { AssetPagesModule } from '../assets/asset-pages.module';
import { FrameModule } from '../frame/frame.module';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { DashboardController } from './dashboard.controller';
import { Dashboard } from './dashboard.service';

/** The start page and the dashboard. */
@Module({
  imports: [AssetPagesModule, AssetsModule, FrameModule, GraphPagesModule, SensorsModule],
  controllers: [DashboardController],
  providers: [Dashboard],
})
export class DashboardModule {}
