import type { Asset, AssetType } from '#lib/assets';

/** An asset as the API shows it; attributes travel as the text of a JSON object. */
export const toAssetResponse = (asset: Asset) => ({
  account_id: asset.accountId,
  attributes: JSON.stringify(asset.attributes),
  generic_asset_type_id: asset.assetTypeId,
  id: asset.id,
  latitude: asset.latitude,
  longitude: asset.longitude,
  name: asset.name,
});

/** A kind of assets as the API shows it. */
export const toAssetTypeResponse = ({ id, name, description }: AssetType) => ({ description, id, name });
