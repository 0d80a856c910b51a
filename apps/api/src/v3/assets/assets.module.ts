import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { SensorsModule } from '#lib/sensors';
import { AssetsController } from './assets.controller';
import { AttributeReferences } from './attribute-references.service';

/** HTTP endpoints of assets. */
@Module({
  imports: [AccountsModule, AdministrationModule, AssetsModule, SensorsModule],
  controllers: [AssetsController],
  providers: [AttributeReferences],
  exports: [AttributeReferences],
})
export class AssetsApiModule {}
