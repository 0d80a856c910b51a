import { isAllowed, readableAccountIds, type Requester } from '#lib/accounts/model';
import { assetRules } from '#lib/assets';
import { sensorRules } from '#lib/sensors';
import type { Subjects, ToldEvent } from './told-events';

/** An asset and its account. */
export interface Place {
  id: number;
  accountId: number | null;
}

/** The assets of sensors, and the accounts of assets, by id. */
export interface KnownSubjects {
  placesOfSensors: ReadonlyMap<number, Place>;
  assets: ReadonlyMap<number, Place>;
}

/** Which events a client wants: those about one of these, or about a sensor of one of the assets. */
export interface StreamFilter {
  sensors: ReadonlySet<number>;
  assets: ReadonlySet<number>;
  /** Those of the sensors and assets. */
  accounts: ReadonlySet<number>;
}

export function canReadSensor(user: Requester, id: number, { placesOfSensors }: KnownSubjects): boolean {
  const asset = placesOfSensors.get(id);
  return asset !== undefined && isAllowed(user, 'read', sensorRules({ asset }));
}

export function canReadAsset(user: Requester, id: number, { assets }: KnownSubjects): boolean {
  const asset = assets.get(id);
  return asset !== undefined && isAllowed(user, 'read', assetRules(asset));
}

const canReadAccount = (user: Requester, id: number): boolean =>
  readableAccountIds(user)?.includes(id) ?? true;

/**
 * What of the subjects of an event a user can read and wants.
 * @param filter undefined: the user wants everything
 * @returns undefined if the user is not told of the event
 */
export function selectSubjects(
  user: Requester,
  filter: StreamFilter | undefined,
  { about, needed }: ToldEvent,
  known: KnownSubjects,
): Subjects | undefined {
  if (!about) return { sensors: [], assets: [], accounts: [] };
  if (needed?.some((id) => !canReadSensor(user, id, known)) === true) return undefined;
  const wantsSensor = (id: number): boolean =>
    !filter || filter.sensors.has(id) || filter.assets.has(known.placesOfSensors.get(id)?.id ?? NaN);
  const { sensors = [], assets = [], accounts = [] } = about;
  const selected = {
    sensors: sensors.filter((id) => canReadSensor(user, id, known) && wantsSensor(id)),
    assets: assets.filter((id) => canReadAsset(user, id, known) && (filter?.assets.has(id) ?? true)),
    accounts: accounts.filter((id) => canReadAccount(user, id) && (filter?.accounts.has(id) ?? true)),
  };
  return Object.values(selected).some((ids) => ids.length > 0) ? selected : undefined;
}
