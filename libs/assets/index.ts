export { Asset, AssetType, type Attributes } from './asset.entity';
export { AssetsModule } from './assets.module';
export { AssetsService } from './assets.service';
export type { NewAsset } from './assets.repository';
export { assetRules } from './access-rules';
