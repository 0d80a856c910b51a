import type { Account, User } from '#lib/accounts';
import type { Asset, AssetType } from '#lib/assets';
import { knowledgeHorizonOf, type SourceFigures } from '#lib/beliefs';
import type { ForecastAccuracy } from '#lib/forecasting';
import type { Accuracy } from '#lib/forecasting/model';
import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant } from '#lib/time';

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

/** A kind of assets as the API shows it. */
export const toAssetTypeResponse = ({ id, name, description }: AssetType) => ({ description, id, name });

/** An account as the API shows it. */
export const toAccountResponse = ({ id, name, accountRoles }: Account) => ({
  account_roles: accountRoles.map((role) => role.id).sort((one, other) => one - other),
  id,
  name,
});

/** A sensor as the API shows it; the event resolution is in minutes. */
export const toSensorResponse = (sensor: Sensor, entityAddress: string) => ({
  entity_address: entityAddress,
  event_resolution: sensor.eventResolutionMs / MINUTE_MS,
  generic_asset_id: sensor.assetId,
  name: sensor.name,
  timezone: sensor.timezone,
  unit: sensor.unit,
});

/** A sensor with all that is known about it. */
export function toSensorDetails(sensor: Sensor, entityAddress: string) {
  const { fnc, par } = knowledgeHorizonOf(sensor);
  return {
    ...toSensorResponse(sensor, entityAddress),
    attributes: JSON.stringify(sensor.attributes),
    id: sensor.id,
    knowledge_horizon_fnc: fnc,
    knowledge_horizon_par: par,
  };
}

/** Key figures of a sensor's data as the API shows them; moments in the sensor's time zone. */
export function toSensorStats(sensor: Sensor, figures: SourceFigures[]) {
  const moment = (ms: number): string => formatInstant(ms, sensor.timezone);
  return {
    sensor: sensor.id,
    sources: figures.map(({ source, count, min, max, mean, sum, ...times }) => ({
      source,
      count,
      first_event_start: moment(times.firstEventStartMs),
      last_event_end: moment(times.lastEventStartMs + sensor.eventResolutionMs),
      last_belief_time: moment(times.lastBeliefTimeMs),
      min,
      max,
      mean,
      sum,
    })),
    unit: sensor.unit,
  };
}

/** NaN is no JSON. */
const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);

const toAccuracy = ({ count, mae, rmse, wape }: Accuracy) => ({
  count,
  mae: figure(mae),
  rmse: figure(rmse),
  wape: figure(wape),
  accuracy: figure(1 - wape),
});

/** How well a sensor was forecast, as the API shows it. */
export const toSensorAccuracy = (
  sensor: Sensor,
  { startMs, endMs }: { startMs: number; endMs: number },
  found: ForecastAccuracy[],
) => ({
  sensor: sensor.id,
  unit: sensor.unit,
  event_starts_after: formatInstant(startMs, sensor.timezone),
  event_ends_before: formatInstant(endMs, sensor.timezone),
  forecasts: found.map(({ source, horizonMs, coverage, baselines, ...accuracy }) => ({
    source,
    horizon: formatDuration(horizonMs),
    ...toAccuracy(accuracy),
    coverage: figure(coverage),
    baselines: baselines.map(({ method, ...baseline }) => ({ method, ...toAccuracy(baseline) })),
  })),
});

/** A user as the API shows it. */
export const toUserResponse = (user: User) => ({
  account_id: user.accountId,
  active: user.active,
  email: user.email,
  flexmeasures_roles: user.roles.map(({ id }) => id).sort((one, other) => one - other),
  id: user.id,
  last_login_at: withoutOffset(user.lastLoginAt),
  last_seen_at: withoutOffset(user.lastSeenAt),
  timezone: user.timezone,
  username: user.username,
});

/** A moment in UTC as FlexMeasures writes it here: microseconds, and no offset. */
const withoutOffset = (moment: Date | null): string | null =>
  moment && moment.toISOString().replace('Z', '000');
