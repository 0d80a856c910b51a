import type { Attributes } from '#lib/assets';
import type { Sensor } from '#lib/sensors';
import { MINUTE_MS } from '#lib/time';
import { displayNameOf } from '../exchange/connections.service';
import { OWNER_ATTRIBUTE } from '../exchange/owners.service';
import type { LegacyAssetPatch } from './assets.dto';

/** Fields of assets of version 2.0 that are attributes, by the same name. */
const ATTRIBUTES = [
  ...['display_name', 'capacity_in_mw', 'market_id', 'min_soc_in_mwh', 'max_soc_in_mwh'],
  ...['soc_in_mwh', 'soc_datetime', 'soc_udi_event_id'],
] as const;

/** An asset of version 2.0: a power sensor, with its asset. Its id is that of the sensor. */
export function toLegacyAsset(sensor: Sensor, ownerId: number | undefined) {
  const { asset } = sensor;
  const attributes: Attributes = { ...asset.attributes, ...sensor.attributes };
  return {
    ...Object.fromEntries(ATTRIBUTES.map((name) => [name, attributes[name] ?? null])),
    asset_type: asset.assetType.name,
    asset_type_name: asset.assetType.name,
    display_name: displayNameOf(sensor),
    event_resolution: sensor.eventResolutionMs / MINUTE_MS,
    id: sensor.id,
    latitude: asset.latitude,
    longitude: asset.longitude,
    name: sensor.name,
    owner_id: ownerId ?? null,
    unit: sensor.unit,
  };
}

/** The attributes that the fields of a request set. */
export function attributesOf(fields: LegacyAssetPatch): Attributes {
  const given = ATTRIBUTES.map((name): [string, unknown] => [name, fields[name]]);
  const owner: [string, unknown] = [OWNER_ATTRIBUTE, fields.owner_id];
  return Object.fromEntries([...given, owner].filter(([, value]) => value !== undefined));
}
