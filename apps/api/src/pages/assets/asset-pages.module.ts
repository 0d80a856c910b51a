import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { AuditLogModule } from '#lib/audit';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { FORM_LIMITS } from '../../http/bodies/form-reader.interceptor';
import { LARGE_FORM } from '../forms/large-form';
import { AssetDetailsApiModule } from '../../v3/asset-details/asset-details.module';
import { AssetsApiModule } from '../../v3/assets/assets.module';
import { FrameModule } from '../frame/frame.module';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { AssetFormChoices } from './asset-form-choices.service';
import { AssetFormsController } from './asset-forms.controller';
import { AssetHistoryController } from './asset-history.controller';
import { AssetJobsPageController } from './asset-jobs-page.controller';
import { AssetListController } from './asset-list.controller';
import { AssetOwners } from './asset-owners.service';
import { AssetPanelsController } from './asset-panels.controller';
import { AssetSensorsPageController } from './asset-sensors.controller';

/** Pages that list, create, change and delete assets, and those of their sensors. */
@Module({
  imports: [
    ...[
      AccountsModule,
      AdministrationModule,
      AssetDetailsApiModule,
      AssetsApiModule,
      AssetsModule,
      AuditLogModule,
      AuthModule,
      BeliefsModule,
    ],
    ...[FrameModule, GraphPagesModule, SensorsModule],
  ],
  controllers: [
    AssetListController,
    AssetFormsController,
    AssetHistoryController,
    AssetJobsPageController,
    AssetPanelsController,
    AssetSensorsPageController,
  ],
  providers: [AssetFormChoices, AssetOwners],
  exports: [AssetOwners],
})
export class AssetPagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(urlencoded(LARGE_FORM)).forRoutes(AssetFormsController, AssetPanelsController);
    consumer.apply(urlencoded(FORM_LIMITS)).forRoutes(AssetSensorsPageController);
  }
}
