import { FLEX_CONTEXT_FIELDS } from './flex-context-fields';
import type { FlexField, FlexFieldTable } from './flex-field';
import { FLEX_MODEL_FIELDS } from './flex-model-fields';
import { VALUE_TYPES, type ValueType } from './value-types';

export { type FlexDevice, type FlexField, type Range, UNIT_OF_MEASURE } from './flex-field';
export type { ValueType } from './value-types';

const tables = { 'flex-model': FLEX_MODEL_FIELDS, 'flex-context': FLEX_CONTEXT_FIELDS };

/**
 * All fields of flex-models and flex-contexts that the built-in schedulers read. Everything that depends on the list of
 * fields follows from here: see docs/adding/flex-field.md.
 */
export const FLEX_FIELDS: Readonly<Record<FlexGroup, FlexFieldTable>> = tables;

/** The description that a field belongs to. */
export type FlexGroup = keyof typeof tables;

export type FlexFieldName<Group extends FlexGroup> = keyof (typeof tables)[Group] & string;

/** Names of the fields of a group whose values are of one of the types. */
export type FlexFieldOfType<Group extends FlexGroup, Type extends ValueType> = {
  [Name in FlexFieldName<Group>]: (typeof tables)[Group][Name] extends { type: Type } ? Name : never;
}[FlexFieldName<Group>];

/** Types of fields that can change over time. */
export type VariableType = {
  [Type in ValueType]: (typeof VALUE_TYPES)[Type]['isVariable'] extends true ? Type : never;
}[ValueType];

/** The same as a list. */
export const VARIABLE_TYPES: readonly ValueType[] = (Object.keys(VALUE_TYPES) as ValueType[]).filter(
  (type) => VALUE_TYPES[type].isVariable,
);

/** The field of a name; undefined if there is none. */
export const findFlexField = (group: FlexGroup, name: string): FlexField | undefined =>
  Object.hasOwn(FLEX_FIELDS[group], name) ? FLEX_FIELDS[group][name] : undefined;

/** Whether the value of a field can refer to a sensor. */
export const takesSensor = ({ type }: FlexField): boolean => VALUE_TYPES[type].takesSensor;

/** Whether the value of a field is the id of a sensor, or a list of them. */
export const isSensorId = ({ type }: FlexField): boolean => type === 'sensor-id' || type === 'sensor-ids';

/** Whether schedules record something to the sensor that the value of a field refers to. */
export const writesSensor = ({ type }: Pick<FlexField, 'type'>): boolean =>
  'writesSensor' in VALUE_TYPES[type];

/** Whether attributes can give the value of a field; never for sensors that schedules write to. */
export const isInAttributes = (field: FlexField): boolean =>
  field.isNotInAttributes !== true && !writesSensor(field);

const knownAttributeNames = new WeakMap<FlexField, readonly string[]>();

/**
 * Names of attributes that can hold the value of a field, the first one first; none if no attribute can, as for sensors that
 * schedules write to.
 */
export function attributeNames(name: string, field: FlexField): readonly string[] {
  if (!isInAttributes(field)) return [];
  const known = knownAttributeNames.get(field);
  if (known) return known;
  const older = field.attribute ? [field.attribute.name] : [];
  const names = [...new Set([name, name.replaceAll('-', '_'), ...older])];
  knownAttributeNames.set(field, names);
  return names;
}
