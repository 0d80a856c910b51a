import golden from './site-cases.json';

/** Fields of a flex-model or flex-context, or attributes. */
export type FlexFields = Record<string, unknown>;

/** A flex-model of a case, with the name of its device. */
export type SiteCaseModel = FlexFields & {
  name: string;
  /** Whether it has a power sensor; true if not given. */
  hasSensor?: boolean;
  isGroup?: boolean;
};

/** Whether the flex-model is that of a device, not of a group or a shared storage. */
export const isDevice = ({ isGroup, hasSensor, ...fields }: SiteCaseModel): boolean =>
  !isGroup && (hasSensor !== false || Object.keys(fields).some((name) => name.startsWith('inflexible-')));

/** The fields of a flex-model without what only cases have. */
export const fieldsOf = ({ name: _, hasSensor: _hasSensor, isGroup: _isGroup, ...fields }: SiteCaseModel): FlexFields =>
  fields;

/** The value with ids in place of names in `sensor`, `sensors` and `asset`. */
export function withIds<Value>(value: Value, idOf: (kind: 'sensor' | 'asset', name: string) => number): Value {
  if (Array.isArray(value)) return value.map((one: unknown) => withIds(one, idOf)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const replaced = Object.entries(value).map(([key, part]: [string, unknown]): [string, unknown] => {
    if ((key === 'sensor' || key === 'asset') && typeof part === 'string') return [key, idOf(key, part)];
    if (key === 'sensors' && Array.isArray(part))
      return [key, part.map((name: unknown) => (typeof name === 'string' ? idOf('sensor', name) : name))];
    return [key, withIds(part, idOf)];
  });
  return Object.fromEntries(replaced) as Value;
}

/** A site as requests describe it, with a schedule calculated by hand; see the note in test/golden/site-cases.json. */
export interface SiteCase {
  id: string;
  /** `context:<field>`, `<device>:<field>` or `attributes:<device or site>:<name>`. */
  fields: string[];
  step: string;
  steps: number;
  flexContext: FlexFields;
  contextAttributes?: FlexFields;
  flexModels: SiteCaseModel[];
  attributes?: Record<string, FlexFields>;
  storageTypes?: string[];
  inflexible?: number[];
  /** Power of measured devices by name: MW per step. */
  recordings?: Record<string, number[]>;
  expected: {
    power?: Record<string, number[]>;
    net?: number[];
    cost: number;
    commitments?: Record<string, number>;
  };
  /** Values that replace fields that cannot be left out. */
  variants?: Record<string, unknown>;
}

export const SITE_CASES_START = golden.start;
export const siteCases = golden.cases as unknown as SiteCase[];

/** Each case with each of its fields. */
export const siteCaseFields: [string, string, SiteCase][] = siteCases.flatMap((one) =>
  one.fields.map((field): [string, string, SiteCase] => [one.id, field, one]),
);

/** The case without one field, or with the variant of the field if there is one. */
export function withoutField(one: SiteCase, field: string): SiteCase {
  const copy = structuredClone(one);
  const [group, name, attribute] = field.split(':') as [string, string, string?];
  const fields = findFields(copy, group, name);
  const key = attribute ?? name;
  if (!fields || !(key in fields)) throw new Error(`Case ${one.id} does not have ${field}.`);
  if (one.variants && field in one.variants) fields[key] = one.variants[field];
  else Reflect.deleteProperty(fields, key);
  return copy;
}

function findFields(one: SiteCase, group: string, name: string): FlexFields | undefined {
  if (group === 'context') return one.flexContext;
  if (group !== 'attributes') return one.flexModels.find((model) => model.name === group);
  return name === 'site' ? one.contextAttributes : one.attributes?.[name];
}
