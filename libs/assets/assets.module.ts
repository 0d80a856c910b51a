import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { EventsModule } from '#lib/events';
import { ExtensionsModule } from '#lib/extensions';
import { AssetListRepository } from './asset-list.repository';
import { AssetLists } from './asset-lists.service';
import { AssetTreeRepository } from './asset-tree.repository';
import { AssetTree } from './asset-tree.service';
import { AssetType, DetailedAsset } from './asset.entity';
import { AssetsRepository } from './assets.repository';
import { AssetsService } from './assets.service';
import { AttributeRules } from './attribute-rules';

@Module({
  imports: [
    TypeOrmModule.forFeature([DetailedAsset, AssetType]),
    EventsModule,
    AccountsModule,
    ExtensionsModule,
  ],
  providers: [
    AssetsRepository,
    AssetListRepository,
    AssetLists,
    AssetsService,
    AssetTree,
    AssetTreeRepository,
    AttributeRules,
  ],
  exports: [AssetLists, AssetsService, AssetTree, AttributeRules],
})
export class AssetsModule {}
