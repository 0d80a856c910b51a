import type { SiteDescription } from '../build-site-problem';
import {
  attributeNames,
  findFlexField,
  FLEX_FIELDS,
  type FlexGroup,
  isSensorId,
  takesSensor,
} from '../fields';
import { findField } from '../find-field';
import { flexError } from '../flex-error';
import { parseSensorId } from '../values/variable-quantity';

type Fields = Record<string, unknown>;

/** A reference to a sensor, and the field that contains it. */
export interface FlexSensorReference {
  id: number;
  /** Path of the field, such as `soc-minima.sensor` or `inflexible-device-sensors.1`; a long path is cut. */
  field: string;
}

/** Paths of known fields are far shorter. Each reference has a path, so long paths would take time and memory. */
const MAX_PATH_LENGTH = 200;

const cut = (path: string): string =>
  path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}…` : path;

/** Names of fields and attributes whose value is the id of a sensor, or a list of ids. */
const ID_NAMES = new Set<string>([
  'sensor',
  ...Object.values(FLEX_FIELDS)
    .flatMap((table) => Object.entries(table))
    .flatMap(([name, field]) => (isSensorId(field) ? attributeNames(name, field) : [])),
]);

/**
 * Finds all references to sensors in flex-models, a flex-context or attributes, at any depth: `sensor` and the fields
 * that hold ids, also in fields that only custom schedulers know. The power sensors of devices are included.
 */
export function findSensorReferences(description: object): FlexSensorReference[] {
  const references: FlexSensorReference[] = [];
  const add = (value: unknown, field: string) => {
    const id = parseSensorId(value);
    if (id !== undefined) references.push({ id, field });
  };
  // Attributes can be nested deeper than the call stack allows.
  const stack: { value: object; path: string }[] = [{ value: description, path: '' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, path } = next;
    const isList = Array.isArray(value);
    const names = Object.keys(value);
    for (const name of names) {
      if (isList || !ID_NAMES.has(name)) continue;
      const part = (value as Fields)[name];
      if (Array.isArray(part)) part.forEach((id, i) => add(id, cut(`${path}${name}.${i}`)));
      else add(part, cut(path + name));
    }
    for (let i = names.length - 1; i >= 0; i--) {
      const part = (value as Fields)[names[i]!];
      if (typeof part === 'object' && part !== null)
        stack.push({ value: part, path: cut(`${path}${names[i]!}.`) });
    }
  }
  return references;
}

const namesWithSensors = (group: FlexGroup): string[] =>
  Object.entries(FLEX_FIELDS[group]).flatMap(([name, field]) => (takesSensor(field) ? [name] : []));

/** Names of the fields that can refer to a sensor. */
const NAMES_WITH_SENSORS: Readonly<Record<FlexGroup, readonly string[]>> = {
  'flex-model': namesWithSensors('flex-model'),
  'flex-context': namesWithSensors('flex-context'),
};

/** Ids of all sensors that the built-in schedulers may read for a site, from the request or from attributes. */
export function findSensorIdsOfSite(site: Pick<SiteDescription, 'devices' | 'flexContext' | 'attributes'>) {
  const idsOf = (group: FlexGroup, given: Fields, attributes: Fields) =>
    NAMES_WITH_SENSORS[group].flatMap((name) => {
      const value = findField(group, name, given, attributes)?.value;
      return value === undefined ? [] : findSensorReferences({ [name]: value }).map(({ id }) => id);
    });
  return [
    ...site.devices.flatMap(({ flexModel, attributes }) => idsOf('flex-model', flexModel, attributes)),
    ...idsOf('flex-context', site.flexContext, site.attributes),
  ];
}

/**
 * What a sensor that a flex-context refers to must record, as far as this is checked before data is read. The unit of
 * other sensors is checked when they are read.
 * @param path of the reference, such as `consumption-price.sensor`
 */
export function measureOfReference(path: string): 'price of energy' | 'power' | undefined {
  const [name, ...rest] = path.split('.');
  const field = findFlexField('flex-context', name!);
  if (!field || !takesSensor(field)) return undefined;
  if (field.measure === 'price of energy' && !name!.endsWith('breach-price'))
    return rest.length === 0 || path === `${name}.sensor` ? field.measure : undefined;
  return isSensorId(field) && field.measure === 'power' ? field.measure : undefined;
}

const INFLEXIBLE = 'inflexible-device-sensors';

/**
 * Ids of the sensors in `inflexible-device-sensors`. Their power is added up, so that no sensor may be in the list twice.
 * @throws DomainError FLEX_MODEL_INVALID
 */
export function inflexibleSensorIds(flexContext: Fields): number[] {
  const ids = flexContext[INFLEXIBLE] ?? [];
  if (!Array.isArray(ids) || !ids.every((id): id is number => Number.isInteger(id)))
    throw flexError(INFLEXIBLE, 'a list of sensor ids is needed.');
  const seen = new Set<number>();
  for (const [i, id] of ids.entries()) {
    if (seen.has(id)) throw flexError(`${INFLEXIBLE}.${i}`, `sensor ${id} is in the list twice.`);
    seen.add(id);
  }
  return ids;
}
