import { Asset, AssetType } from '#lib/assets';
import { PREPARED } from '#lib/database';
import { Sensor } from './sensor.entity';

/** A row of `SENSOR_BY_ID` and `SENSORS_BY_IDS`. */
export interface SensorRow {
  sensor: Omit<Sensor, 'asset' | 'knowledgeHorizonPar' | 'attributes'>;
  knowledge_horizon_par: Sensor['knowledgeHorizonPar'];
  attributes: Sensor['attributes'];
  asset: Omit<Asset, 'assetType' | 'account' | 'parentAsset' | 'attributes'>;
  asset_attributes: Asset['attributes'];
  asset_type: AssetType;
}

/**
 * Sensors with their assets and asset types. Nearly every request reads some. The explicit statement needs a sixth of the
 * CPU time of the TypeORM query builder.
 */
const SENSORS = `
  SELECT
    json_build_object(
      'id', sensor.id, 'name', sensor.name, 'unit', sensor.unit, 'timezone', sensor.timezone,
      'eventResolutionMs', extract(epoch FROM sensor.event_resolution) * 1000,
      'knowledgeHorizonFnc', sensor.knowledge_horizon_fnc, 'assetId', sensor.generic_asset_id
    ) AS sensor,
    sensor.knowledge_horizon_par, sensor.attributes,
    json_build_object(
      'id', asset.id, 'name', asset.name, 'latitude', asset.latitude, 'longitude', asset.longitude,
      'assetTypeId', asset.generic_asset_type_id, 'accountId', asset.account_id,
      'parentAssetId', asset.parent_asset_id
    ) AS asset,
    asset.attributes AS asset_attributes,
    json_build_object('id', type.id, 'name', type.name, 'description', type.description) AS asset_type
  FROM sensor
  JOIN generic_asset asset ON asset.id = sensor.generic_asset_id
  JOIN generic_asset_type type ON type.id = asset.generic_asset_type_id`;

export const SENSOR_BY_ID = `/* ${PREPARED} */ ${SENSORS} WHERE sensor.id = $1`;

/** PostgreSQL plans this statement anew each time, because the plan for arrays of unknown length looks expensive to it. */
export const SENSORS_BY_IDS = `/* ${PREPARED} */ ${SENSORS} WHERE sensor.id = ANY($1::int[])`;

/** Converts a row to the entities that TypeORM would return. */
export function toSensor(row: SensorRow): Sensor {
  const assetType = Object.assign(new AssetType(), row.asset_type);
  const asset = Object.assign(new Asset(), row.asset, { attributes: row.asset_attributes, assetType });
  const { knowledge_horizon_par: knowledgeHorizonPar, attributes } = row;
  return Object.assign(new Sensor(), row.sensor, { knowledgeHorizonPar, attributes, asset });
}
