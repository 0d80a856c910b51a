import {
  getSensorsToShow,
  getShownAttributes,
  type AssetPatchFields,
  type AssetType,
  type ChildAsset,
  type DetailedAsset,
} from '#lib/assets';
import type { SensorName } from '#lib/sensors';
import type { AssetPatch } from './assets.dto';

/** What stands in an asset's answer besides its own columns. */
export interface AssetRelations {
  children: ChildAsset[];
  sensors: SensorName[];
}

/** An asset as a response of the API; its fields with JSON are text. */
export const toAssetResponse = (asset: DetailedAsset, { children, sensors }: AssetRelations) => ({
  account_id: asset.accountId,
  attributes: JSON.stringify(getShownAttributes(asset)),
  child_assets: children.map(toChildResponse),
  description: asset.description,
  external_id: asset.externalId,
  flex_context: JSON.stringify(asset.flexContext),
  flex_model: JSON.stringify(asset.flexModel),
  generic_asset_type: { id: asset.assetType.id, name: asset.assetType.name },
  generic_asset_type_id: asset.assetTypeId,
  id: asset.id,
  latitude: asset.latitude,
  longitude: asset.longitude,
  name: asset.name,
  owner: asset.account ? { id: asset.account.id, name: asset.account.name } : null,
  parent_asset_id: asset.parentAssetId,
  sensors: sensors.map(({ id, name }) => ({ id, name })),
  sensors_to_show: JSON.stringify(getSensorsToShow(asset)),
  sensors_to_show_as_kpis: JSON.stringify(asset.sensorsToShowAsKpis),
});

const toChildResponse = ({ id, name, accountId, assetType }: ChildAsset) => ({
  account_id: accountId,
  generic_asset_type: assetType,
  id,
  name,
});

/** An asset type as a response of the API. */
export const toAssetTypeResponse = ({ id, name, description }: AssetType) => ({ description, id, name });

/** The fields of a request as the columns of the asset. An empty external id removes it. */
export const toAssetFields = (body: AssetPatch): AssetPatchFields => ({
  name: body.name,
  latitude: body.latitude,
  longitude: body.longitude,
  assetTypeId: body.generic_asset_type_id,
  attributes: body.attributes,
  parentAssetId: body.parent_asset_id,
  description: body.description,
  externalId: body.external_id?.trim() === '' ? null : body.external_id,
  flexContext: body.flex_context,
  flexModel: body.flex_model,
  sensorsToShow: body.sensors_to_show,
  sensorsToShowAsKpis: body.sensors_to_show_as_kpis,
});
