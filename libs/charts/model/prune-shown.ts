import { isId, isRecord } from './sensors-to-show';

/** Removes deleted sensors and assets from what is shown. @returns the same list if nothing refers to them */
export function pruneShown(
  shown: readonly unknown[],
  deleted: { sensors: ReadonlySet<number>; assets: ReadonlySet<number> },
): readonly unknown[] {
  const kept = shown.map((entry) => pruneEntry(entry, deleted)).filter((entry) => entry !== undefined);
  return kept.length === shown.length && kept.every((entry, i) => entry === shown[i]) ? shown : kept;
}

type Deleted = Parameters<typeof pruneShown>[1];

/** The entry without what was deleted; undefined if nothing is left to show. */
function pruneEntry(entry: unknown, deleted: Deleted): unknown {
  if (isId(entry)) return deleted.sensors.has(entry) ? undefined : entry;
  if (Array.isArray(entry)) {
    const ids = entry.filter((id: unknown) => !(isId(id) && deleted.sensors.has(id)));
    return ids.length === entry.length ? entry : ids.length === 0 ? undefined : ids;
  }
  if (!isRecord(entry)) return entry;
  const { sensor, sensors, plots, asset } = entry;
  if ((isId(sensor) && deleted.sensors.has(sensor)) || (isId(asset) && deleted.assets.has(asset)))
    return undefined;
  const before = (Array.isArray(sensors) ? sensors : plots) as unknown[] | undefined;
  if (!Array.isArray(before)) return entry;
  const after = pruneShown(before, deleted);
  if (after === before) return entry;
  return after.length === 0 ? undefined : { ...entry, [Array.isArray(sensors) ? 'sensors' : 'plots']: after };
}

/** What is shown, with other ids of sensors and assets; ids without a replacement stay. */
export function replaceShown(
  shown: readonly unknown[],
  ids: { sensors: ReadonlyMap<number, number>; assets: ReadonlyMap<number, number> },
): unknown[] {
  const replace = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => replace(item, key));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replace(part, name)]));
    if (!isId(value)) return value;
    if (['sensor', 'sensors'].includes(key)) return ids.sensors.get(value) ?? value;
    return key === 'asset' ? (ids.assets.get(value) ?? value) : value;
  };
  return shown.map((entry) => replace(entry, 'sensors'));
}
