/** A row of the summary of asset types: a group, or a type. */
export interface TypeRow {
  name: string;
  count: number;
  /** Id of the type, unless the row is a group. */
  typeId?: number;
  icon: string;
  /** Types of the group. */
  members?: TypeRow[];
}

interface CountedType {
  id: number;
  name: string;
}

/** Icons of asset types. */
const ICONS: Record<string, string> = {
  solar: 'solar-panel',
  wind: 'wind',
  'one-way_evse': 'charging-station',
  'two-way_evse': 'charging-station',
  battery: 'car-battery',
  building: 'building',
  process: 'industry',
  'heat-pump': 'temperature-arrow-up',
  'transmission zone': 'bolt',
};

export const iconOf = (type: string): string => ICONS[type] ?? 'location-dot';

/**
 * The types of some assets with their counts: first groups with at least one asset, then types that are in no group, by name.
 * @param types one per asset
 * @param groups names of types by name of the group
 */
export function groupTypes(
  types: readonly CountedType[],
  groups: Readonly<Record<string, string[]>>,
): TypeRow[] {
  const rows = new Map<string, TypeRow>();
  for (const { id, name } of types) {
    const row = rows.get(name) ?? { name, count: 0, typeId: id, icon: iconOf(name) };
    rows.set(name, { ...row, count: row.count + 1 });
  }
  const grouped = new Set(Object.values(groups).flat());
  const groupRows = Object.entries(groups).flatMap(([name, names]): TypeRow[] => {
    const members = names.flatMap((type) => rows.get(type) ?? []);
    const count = members.reduce((sum, member) => sum + member.count, 0);
    return count === 0 ? [] : [{ name, count, icon: 'layer-group', members }];
  });
  const single = [...rows.values()].filter(({ name }) => !grouped.has(name));
  return [...groupRows, ...single.sort((one, other) => one.name.localeCompare(other.name))];
}
