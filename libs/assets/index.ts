export { Asset, AssetType, DetailedAsset, type Attributes } from './asset.entity';
export {
  ASSET_CREATED,
  ASSET_DELETED,
  ASSET_TYPE_CREATED,
  ASSET_TYPE_DELETED,
  ASSET_UPDATED,
} from './assets.events';
export { AssetsModule } from './assets.module';
export { AssetsService, type AssetPatchFields, type AssetReference } from './assets.service';
export { AssetTree } from './asset-tree.service';
export { AssetLists, type AssetListRequest } from './asset-lists.service';
export type { AssetPage } from './asset-list.repository';
export type { AssetFlexibility, ChildAsset } from './asset-tree.repository';
export { getSensorsToShow, getShownAttributes } from './sensors-to-show-alias';
export { AttributeRules } from './attribute-rules';
export type { NewAsset } from './assets.repository';
export { assetRules } from './access-rules';
