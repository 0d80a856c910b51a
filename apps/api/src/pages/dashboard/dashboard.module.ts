import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BalanceModule } from '#lib/balance';
import { BeliefsModule } from '#lib/beliefs';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { AssetPagesModule } from '../assets/asset-pages.module';
import { FrameModule } from '../frame/frame.module';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { AttentionService } from './attention.service';
import { DashboardController } from './dashboard.controller';
import { Dashboard } from './dashboard.service';
import { FirstSteps } from './first-steps.service';
import { TypePowers } from './type-powers.service';

/** The start page and the dashboard. */
@Module({
  imports: [
    ...[AssetPagesModule, AssetsModule, BalanceModule, BeliefsModule, FrameModule, GraphPagesModule],
    ...[JobsModule, SensorsModule],
  ],
  controllers: [DashboardController],
  providers: [AttentionService, Dashboard, FirstSteps, TypePowers],
})
export class DashboardModule {}
