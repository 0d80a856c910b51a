export { Asset, AssetType, type Attributes } from './asset.entity';
export { ASSET_CREATED, ASSET_DELETED, ASSET_UPDATED } from './assets.events';
export { AssetsModule } from './assets.module';
export { AssetsService } from './assets.service';
export { AttributeRules } from './attribute-rules';
export type { NewAsset } from './assets.repository';
export { assetRules } from './access-rules';
