import type { Asset, AssetType } from '#lib/assets';
import type { SensorName } from '#lib/sensors';

/** An asset as a response of the API; its attributes are a string that contains a JSON object. */
export const toAssetResponse = (asset: Asset, sensors: SensorName[]) => ({
  account_id: asset.accountId,
  attributes: JSON.stringify(asset.attributes),
  generic_asset_type_id: asset.assetTypeId,
  id: asset.id,
  latitude: asset.latitude,
  longitude: asset.longitude,
  name: asset.name,
  sensors: sensors.map(({ id, name }) => ({ id, name })),
});

/** An asset type as a response of the API. */
export const toAssetTypeResponse = ({ id, name, description }: AssetType) => ({ description, id, name });
