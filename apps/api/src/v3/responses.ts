import type { Asset } from '#lib/assets';
import type { Sensor } from '#lib/sensors';
import type { User } from '#lib/accounts';

const MINUTE_MS = 60_000;

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

/** A sensor as the API shows it; the event resolution is in minutes. */
export const toSensorResponse = (sensor: Sensor, host: string) => ({
  entity_address: entityAddress(sensor.id, host),
  event_resolution: sensor.eventResolutionMs / MINUTE_MS,
  generic_asset_id: sensor.assetId,
  name: sensor.name,
  timezone: sensor.timezone,
  unit: sensor.unit,
});

/** A user as the API shows it. */
export const toUserResponse = (user: User) => ({
  account_id: user.accountId,
  active: user.active,
  email: user.email,
  flexmeasures_roles: user.roles.map(({ id }) => id),
  id: user.id,
  last_login_at: user.lastLoginAt?.toISOString() ?? null,
  timezone: user.timezone,
  username: user.username,
});

/** USEF's type 1 entity address in our scheme fm1, which holds the sensor's id. */
export function entityAddress(sensorId: number, host: string): string {
  const now = new Date();
  const nextMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  const domain = (host.split(':')[0] ?? 'localhost').split('.').reverse().join('.');
  return `ea1.${nextMonth.toISOString().slice(0, 7)}.${domain}:fm1.${sensorId}`;
}
