import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { AccountRemovalService } from './account-removal.service';
import { AssetCopies } from './asset-copies.service';
import { AssetRemovalService } from './asset-removal.service';

/** Removes accounts, users, assets and sensors together with their data in other domains, and copies assets. */
@Module({
  imports: [AccountsModule, AssetsModule, SensorsModule, BeliefsModule],
  providers: [AccountRemovalService, AssetCopies, AssetRemovalService],
  exports: [AccountRemovalService, AssetCopies, AssetRemovalService],
})
export class AdministrationModule {}
