import { isRecord, parseSensorId } from '../values/variable-quantity';

/** Ids of sensors and assets that no longer exist. */
export interface Deleted {
  sensors: ReadonlySet<number>;
  assets: ReadonlySet<number>;
}

/** Marks a value that refers to something that was deleted. */
const GONE = Symbol('gone');

/** Lists of bare ids of sensors, and fields with one id. */
const ID_FIELDS = [
  'inflexible-device-sensors',
  'consumption-price-sensor',
  'production-price-sensor',
  'sensors',
];

/**
 * Removes what refers to deleted sensors and assets from a stored flex-model or flex-context: entries of lists, and fields
 * whose value refers to one.
 * @returns the same object if nothing refers to them
 */
export function pruneReferences(
  description: Record<string, unknown>,
  deleted: Deleted,
): Record<string, unknown> {
  const pruned = prune(description, '', deleted);
  return isRecord(pruned) ? pruned : {};
}

function prune(value: unknown, name: string, deleted: Deleted): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => prune(item, name, deleted));
    const kept = items.filter((item) => item !== GONE);
    if (kept.length === 0 && value.length > 0) return GONE;
    return kept.every((item, i) => item === value[i]) && kept.length === value.length ? value : kept;
  }
  if (!isRecord(value)) return ID_FIELDS.includes(name) && isDeleted(value, deleted.sensors) ? GONE : value;
  if (
    name !== '' &&
    (isDeleted(value['sensor'], deleted.sensors) || isDeleted(value['asset'], deleted.assets))
  )
    return GONE;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [
    key,
    prune(part, key, deleted),
  ]);
  const kept = entries.filter(
    ([key, part]) => part !== GONE && !(name === '' && key === 'sensor' && isDeleted(part, deleted.sensors)),
  );
  if (kept.length === entries.length && kept.every(([key, part]) => part === value[key])) return value;
  return Object.fromEntries(kept);
}

function isDeleted(value: unknown, ids: ReadonlySet<number>): boolean {
  const id = parseSensorId(value);
  return id !== undefined && ids.has(id);
}

/** Ids that replace others, by the former id. */
export interface Replacements {
  sensors: ReadonlyMap<number, number>;
  assets: ReadonlyMap<number, number>;
}

/** A stored flex-model or flex-context with other ids of sensors and assets; ids without a replacement stay. */
export const replaceReferences = (
  description: Record<string, unknown>,
  ids: Replacements,
): Record<string, unknown> => replaceIn(description, '', ids) as Record<string, unknown>;

function replaceIn(value: unknown, name: string, ids: Replacements): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => replaceIn(item, name, ids));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, replaceIn(part, key, ids)]));
  if (typeof value !== 'number') return value;
  if (name === 'sensor' || ID_FIELDS.includes(name)) return ids.sensors.get(value) ?? value;
  return name === 'asset' ? (ids.assets.get(value) ?? value) : value;
}
