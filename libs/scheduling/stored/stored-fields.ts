import type { AssetFlexibility } from '#lib/assets';
import { findFlexField, type FlexGroup } from '../model/flex/fields';
import { findLaterField } from '../model/flex/fields/later-fields';
import { flexError } from '../model/flex/flex-error';
import { sensorIdOf } from '../model/flex/power-sensor';
import { isRecord } from '../model/flex/values/variable-quantity';

/** Fields of a flex-model or flex-context by name. */
export type Fields = Record<string, unknown>;

/** The asset that stores a field. */
export type Origin = Pick<AssetFlexibility, 'id' | 'name' | 'accountId'>;

/** Stored fields that a schedule uses, and the asset that stores each. */
export interface StoredFields {
  fields: Fields;
  origins: Record<string, Origin>;
  /** Sentences about stored fields that are left out. */
  notes: string[];
}

/** Says where a field is stored. */
export const placeOf = ({ id, name }: Origin): string => `stored on asset ${id} (${name})`;

/**
 * The fields of a stored description that schedules know, without the id of the power sensor.
 * @throws DomainError FLEX_MODEL_INVALID for a field without which the schedule would be wrong
 */
export function usableFields(group: FlexGroup, stored: Fields, origin: Origin): StoredFields {
  const usable: StoredFields = { fields: {}, origins: {}, notes: [] };
  for (const [name, value] of Object.entries(stored)) {
    if (group === 'flex-model' && name === 'sensor') continue;
    const isElectricity = name === 'commodity' && value === 'electricity';
    if (isElectricity) continue;
    const later = findFlexField(group, name) ? undefined : findLaterField(group, name);
    if (later === 'left out') {
      usable.notes.push(`${name}, ${placeOf(origin)}, is not used yet.`);
      continue;
    }
    if (later === 'refused') throw flexError(name, `${placeOf(origin)}; schedules cannot use it yet.`);
    usable.fields[name] = name === 'inflexible-device-sensors' ? toIds(value) : value;
    usable.origins[name] = origin;
  }
  return usable;
}

const toIds = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((one: unknown) => sensorIdOf(one) ?? one) : value;

/** Fields of a flex-context that say the same in different ways. The nearest one of each family counts. */
const FAMILIES: readonly (readonly string[])[] = [
  ['consumption-price', 'consumption-price-sensor'],
  ['production-price', 'production-price-sensor'],
  ['inflexible-device-sensors', 'inflexible-consumption', 'inflexible-production'],
];

const familyOf = (name: string): readonly string[] =>
  FAMILIES.find((family) => family.includes(name)) ?? [name];

/** Contexts of commodities without the sensors for the power of a site. */
const withoutAggregates = (commodities: unknown): unknown =>
  Array.isArray(commodities)
    ? commodities.map((one: unknown) =>
        isRecord(one)
          ? Object.fromEntries(Object.entries(one).filter(([name]) => !name.startsWith('aggregate-')))
          : one,
      )
    : commodities;

/**
 * The fields of stored flex-contexts that count for a request: each is that of the nearest asset, unless the request has it,
 * or an attribute `flex-context` of a nearer asset.
 * Sensors for the power of a site count for requests of the asset that stores them.
 * @param layers the asset of the request, then its parent, and so on
 * @throws DomainError as `usableFields`
 */
export function storedContext(given: Fields, layers: readonly AssetFlexibility[]): StoredFields {
  const stored: StoredFields = { fields: {}, origins: {}, notes: [] };
  const taken = new Set(Object.keys(given).flatMap(familyOf));
  for (const { flexContext, attributes, ...origin } of layers) {
    // The power of a part of a site is not that of the whole site.
    const isOfPart = (name: string): boolean => origin.id !== layers[0]!.id && name.startsWith('aggregate-');
    const isFree = ([name]: [string, unknown]): boolean => !taken.has(name) && !isOfPart(name);
    const isOwn = origin.id === layers[0]!.id;
    const own = Object.fromEntries(
      Object.entries(flexContext)
        .filter(isFree)
        .map(([name, value]) => [name, isOwn || name !== 'commodities' ? value : withoutAggregates(value)]),
    );
    const { fields, origins, notes } = usableFields('flex-context', own, origin);
    Object.assign(stored.fields, fields);
    Object.assign(stored.origins, origins);
    stored.notes.push(...notes);
    const inAttribute = attributes['flex-context'] ?? attributes['flex_context'];
    const names = [...Object.keys(flexContext), ...(isRecord(inAttribute) ? Object.keys(inAttribute) : [])];
    for (const name of names.flatMap(familyOf)) taken.add(name);
  }
  return stored;
}
