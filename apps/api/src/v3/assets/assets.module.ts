import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { AssetAnswers } from './asset-answers.service';
import { AssetChanges } from './asset-changes.service';
import { AssetReferences } from './asset-references.service';
import { AssetsController } from './assets.controller';
import { AttributeReferences } from './attribute-references.service';

/** HTTP endpoints of assets. */
@Module({
  imports: [AccountsModule, AdministrationModule, AssetsModule, SchedulingModule, SensorsModule],
  controllers: [AssetsController],
  providers: [AssetAnswers, AssetChanges, AssetReferences, AttributeReferences],
  exports: [AssetChanges, AttributeReferences],
})
export class AssetsApiModule {}
