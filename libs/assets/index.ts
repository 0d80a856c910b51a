export { Asset, AssetType, type Attributes } from './asset.entity';
