import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { AccountRemovalService } from './account-removal.service';
import { AssetRemovalService } from './asset-removal.service';

/** Removes accounts, users, assets and sensors together with their data in other domains. */
@Module({
  imports: [AccountsModule, AssetsModule, SensorsModule, BeliefsModule],
  providers: [AccountRemovalService, AssetRemovalService],
  exports: [AccountRemovalService, AssetRemovalService],
})
export class AdministrationModule {}
