import { flexError } from '../flex-error';
import { isRecord, parseSensorId } from '../values/variable-quantity';

/**
 * What identifies a group: `sensor 5` or `asset 7`.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function parseGroupKey(value: unknown, field: string): string {
  const { sensor, asset } = isRecord(value) ? value : {};
  if ((sensor === undefined) === (asset === undefined))
    throw flexError(field, 'either {"asset": 7} or {"sensor": 5} is needed.');
  const kind = sensor === undefined ? 'asset' : 'sensor';
  const id = parseSensorId(sensor ?? asset);
  if (id === undefined) throw flexError(`${field}.${kind}`, `the id of ${kind === 'asset' ? 'an asset' : 'a sensor'} is needed.`); // prettier-ignore
  return `${kind} ${id}`;
}

/** A device or a group that may be in a group. */
export interface GroupMember {
  id: string;
  /** Path of its entry, such as `flex-model.1.`. */
  path: string;
  /** The group that it is in; undefined if it is in none. */
  group?: unknown;
}

/** A group by what identifies it. */
export interface GroupEntry extends GroupMember {
  key: string;
}

/**
 * Finds the devices of each group, also those in groups inside it.
 * @returns ids of devices by id of the group
 * @throws DomainError FLEX_MODEL_INVALID for a group without an entry and for groups that contain each other
 */
export function membersOfGroups(
  devices: readonly GroupMember[],
  groups: readonly GroupEntry[],
): Map<string, string[]> {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const parentOf = ({ path, group }: GroupMember): GroupEntry | undefined => {
    if (group === undefined) return undefined;
    const field = `${path}group`;
    const key = parseGroupKey(group, field);
    const parent = byKey.get(key);
    if (!parent) throw flexError(field, `${key} has no entry of its own in the flex-model.`);
    return parent;
  };
  for (const group of groups) {
    const seen = new Set([group.key]);
    for (let parent = parentOf(group); parent; parent = parentOf(parent)) {
      if (seen.has(parent.key)) throw flexError(`${group.path}group`, 'groups must not contain each other.');
      seen.add(parent.key);
    }
  }
  const members = new Map(groups.map(({ id }): [string, string[]] => [id, []]));
  for (const device of devices) {
    for (let group = parentOf(device); group; group = parentOf(group)) members.get(group.id)!.push(device.id);
  }
  return members;
}
