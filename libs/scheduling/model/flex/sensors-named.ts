import { findField, type FlexGroup } from './flex-fields';
import type { SiteDescription } from './site-problem-of';
import { sensorIdOf } from './variable-quantity';
import { FLEX_CONTEXT_FIELDS, FLEX_MODEL_FIELDS, ID_FIELDS, OLD_ATTRIBUTES } from './vocabulary';

type Fields = Record<string, unknown>;

/** A sensor that a description names, and the field that does. */
export interface NamedSensor {
  id: number;
  /** Path within the description, such as `soc-minima.sensor` or `inflexible-device-sensors.1`; a long one is cut. */
  field: string;
}

/** Paths of known fields are far shorter. Each sensor has a path, so that long ones would take time and memory. */
const MAX_PATH_LENGTH = 200;

const cut = (path: string): string =>
  path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}…` : path;

/** All names under which a sensor's id may stand: also those that fields have, or had, as attributes. */
const idNames = new Set<string>([
  'sensor',
  ...ID_FIELDS.flatMap((field) => [field, field.replaceAll('-', '_'), OLD_ATTRIBUTES[field] ?? field]),
]);

/**
 * All sensors that a flex-model, a list of them, a flex-context or attributes name as sources of data, at any depth, so
 * that callers can ask whether they may be read. The sensors to be scheduled are among them.
 */
export function sensorsNamed(description: object): NamedSensor[] {
  const named: NamedSensor[] = [];
  const note = (value: unknown, field: string) => {
    const id = sensorIdOf(value);
    if (id !== undefined) named.push({ id, field });
  };
  // Not recursive: attributes may be nested deeper than the stack of calls.
  const stack: { value: object; path: string }[] = [{ value: description, path: '' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, path } = next;
    const parts: [string, unknown][] = Object.entries(value);
    for (const [field, part] of Array.isArray(value) ? [] : parts.filter(([name]) => idNames.has(name))) {
      if (Array.isArray(part)) part.forEach((id, i) => note(id, cut(`${path}${field}.${i}`)));
      else note(part, cut(path + field));
    }
    for (const [field, part] of parts.reverse())
      if (typeof part === 'object' && part !== null)
        stack.push({ value: part, path: cut(`${path}${field}.`) });
  }
  return named;
}

/** Ids of all sensors that built-in schedulers may read for a site, in what was given and in attributes. */
export function sensorsDescribingSite(site: Pick<SiteDescription, 'devices' | 'flexContext' | 'attributes'>) {
  const describing = (group: FlexGroup, given: Fields, attributes: Fields) =>
    (group === 'flex-model' ? FLEX_MODEL_FIELDS : FLEX_CONTEXT_FIELDS).flatMap((field) =>
      sensorsNamed({ [field]: findField(group, field, given, attributes)?.value }).map(({ id }) => id),
    );
  return [
    ...site.devices.flatMap(({ flexModel, attributes }) => describing('flex-model', flexModel, attributes)),
    ...describing('flex-context', site.flexContext, site.attributes),
  ];
}
