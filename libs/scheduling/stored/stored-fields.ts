import type { AssetFlexibility } from '#lib/assets';
import type { FlexGroup } from '../model/flex/fields';
import { sensorIdOf } from '../model/flex/power-sensor';
import { ELECTRICITY } from '../model/flex/readers/context/commodities-reader';
import { isRecord } from '../model/flex/values/variable-quantity';

/** Fields of a flex-model or flex-context by name. */
export type Fields = Record<string, unknown>;

/** The asset that stores a field. */
export type Origin = Pick<AssetFlexibility, 'id' | 'name' | 'accountId'>;

/** Stored fields that a schedule uses, and the asset that stores each. */
export interface StoredFields {
  fields: Fields;
  origins: Record<string, Origin>;
}

/** Says where a field is stored. */
export const placeOf = ({ id, name }: Origin): string => `stored on asset ${id} (${name})`;

/** The fields of a stored description as schedules use them: without the id of the power sensor and the usual commodity. */
export function usableFields(group: FlexGroup, stored: Fields): Fields {
  const usable: Fields = {};
  for (const [name, value] of Object.entries(stored)) {
    if (group === 'flex-model' && name === 'sensor') continue;
    if (name === 'commodity' && value === ELECTRICITY) continue;
    usable[name] = name === 'inflexible-device-sensors' ? toIds(value) : value;
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

/** A flex-context without the sensors for the power of a site, also in the contexts of its commodities. */
function withoutAggregates(context: Fields): Fields {
  const own = Object.fromEntries(Object.entries(context).filter(([name]) => !name.startsWith('aggregate-')));
  const { commodities } = own;
  if (!Array.isArray(commodities)) return own;
  const others = commodities.map((one: unknown) => (isRecord(one) ? withoutAggregates(one) : one));
  return { ...own, commodities: others };
}

/**
 * The fields of stored flex-contexts that count for a request: each is that of the nearest asset, unless the request has it,
 * or an attribute `flex-context` of a nearer asset.
 * Sensors for the power of a site count for requests of the asset that stores them.
 * @param layers the asset of the request, then its parent, and so on
 */
export function storedContext(given: Fields, layers: readonly AssetFlexibility[]): StoredFields {
  const stored: StoredFields = { fields: {}, origins: {} };
  const taken = new Set(Object.keys(given).flatMap(familyOf));
  for (const { flexContext, attributes, ...origin } of layers) {
    // The power of a part of a site is not that of the whole site.
    const counted = origin.id === layers[0]!.id ? flexContext : withoutAggregates(flexContext);
    for (const [name, value] of Object.entries(usableFields('flex-context', counted))) {
      if (taken.has(name)) continue;
      stored.fields[name] = value;
      stored.origins[name] = origin;
    }
    const inAttribute = attributes['flex-context'] ?? attributes['flex_context'];
    const names = [...Object.keys(flexContext), ...(isRecord(inAttribute) ? Object.keys(inAttribute) : [])];
    for (const name of names.flatMap(familyOf)) taken.add(name);
  }
  return stored;
}
