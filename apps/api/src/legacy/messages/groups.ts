/** Values of one name. */
export interface NamedValues {
  name: string;
  values: readonly (number | null)[];
}

/**
 * The part of an answer with names and values. Names with equal values share them. One group is written into the answer
 * itself, and several are a list `groups`.
 * @param field name of the field for one name; the field for several names has an `s` at the end
 */
export function toGroups(field: string, series: readonly NamedValues[]): Record<string, unknown> {
  const byValues = new Map<string, { names: string[]; values: NamedValues['values'] }>();
  for (const { name, values } of series) {
    const key = JSON.stringify(values);
    const group = byValues.get(key);
    if (group) group.names.push(name);
    else byValues.set(key, { names: [name], values });
  }
  const groups = [...byValues.values()].map(({ names, values }) => ({
    ...(names.length === 1 ? { [field]: names[0] } : { [`${field}s`]: names }),
    values,
  }));
  return groups.length === 1 ? groups[0]! : { groups };
}
