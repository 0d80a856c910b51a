import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { EventsModule } from '#lib/events';
import { ExtensionsModule } from '#lib/extensions';
import { Asset, AssetType } from './asset.entity';
import { AssetsRepository } from './assets.repository';
import { AssetsService } from './assets.service';
import { AttributeRules } from './attribute-rules';

@Module({
  imports: [TypeOrmModule.forFeature([Asset, AssetType]), EventsModule, AccountsModule, ExtensionsModule],
  providers: [AssetsRepository, AssetsService, AttributeRules],
  exports: [AssetsService, AttributeRules],
})
export class AssetsModule {}
