import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { ChartsModule } from '#lib/charts';
import { SensorsModule } from '#lib/sensors';
import { AnswersModule } from '../../http/answers/answers.module';
import { AssetCopiesController } from './asset-copies.controller';
import { AssetCopying } from './asset-copying.service';
import { AssetJobLists } from './asset-job-lists.service';
import { AssetJobsController } from './asset-jobs.controller';
import { AssetKpisController } from './asset-kpis.controller';
import { AssetSensorsController } from './asset-sensors.controller';

/** HTTP endpoints about one asset: its sensors, jobs and key figures, and copies of it. */
@Module({
  imports: [AccountsModule, AdministrationModule, AnswersModule, AssetsModule, ChartsModule, SensorsModule],
  controllers: [AssetCopiesController, AssetJobsController, AssetKpisController, AssetSensorsController],
  providers: [AssetCopying, AssetJobLists],
  exports: [AssetJobLists],
})
export class AssetDetailsApiModule {}
