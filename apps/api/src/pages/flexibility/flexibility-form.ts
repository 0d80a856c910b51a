import type { Request } from 'express';
import { DomainError } from '#lib/errors';
import {
  findFlexField,
  FLEX_SECTIONS,
  isRecord,
  POWER_SENSOR_FIELD,
  readTyped,
  reasonAtField,
  toTyped,
  type FlexField,
  type FlexGroup,
  type TypedKind,
  type TypedValue,
} from '#lib/scheduling/model/flex';
import { JsonTextError, readJsonText } from '../forms/json-text';
import { fieldOf } from '../sessions/page-request';

/** Stored or typed values, by group and field. */
export type Flexibility = Record<FlexGroup, Record<string, unknown>>;

/** What the form has: per group a value per field, and other fields as JSON. */
export type TypedFlexibility = Record<FlexGroup, Record<string, TypedValue>>;

/** What was read of a form. */
export interface ReadForm {
  typed: TypedFlexibility;
  /** Values; of fields that cannot be read, nothing. */
  values: Flexibility;
  /** Reasons by name of the field of the form. */
  reasons: Record<string, string>;
}

export const GROUPS: readonly FlexGroup[] = ['flex-model', 'flex-context'];

/** The field with the power sensor of a device, and that of fields that forms do not know. */
export const POWER_SENSOR = 'sensor';
export const OTHERS = 'others';

/** How groups are named in assets of the API, and as JSON in forms. */
export const API_NAMES: Readonly<Record<FlexGroup, string>> = {
  'flex-model': 'flex_model',
  'flex-context': 'flex_context',
};

/** The properties of a field that forms need. */
export type FormField = Pick<FlexField, 'type' | 'choices'> & Partial<FlexField>;

/** The fields of a group, in the order of the form. */
export const fieldsOfGroup = (group: FlexGroup): [name: string, field: FormField][] => [
  ...(group === 'flex-model' ? [[POWER_SENSOR, POWER_SENSOR_FIELD] as [string, FormField]] : []),
  ...FLEX_SECTIONS[group].flatMap(({ fields }) =>
    fields.map((name): [string, FormField] => [name, findFlexField(group, name)!]),
  ),
];

/** The name of a field in the form. */
export const formName = (group: FlexGroup, name: string): string => `${group}.${name}`;
export const kindName = (group: FlexGroup, name: string): string => `${group}.${name}.kind`;

/** All names of fields at which problems can be shown. */
export const ALL_NAMES: readonly string[] = GROUPS.flatMap((group) => [
  ...fieldsOfGroup(group).map(([name]) => formName(group, name)),
  ...[formName(group, OTHERS), API_NAMES[group]],
]);

/** Names of the form by those of errors of the API, which also names fields of a preview. */
export const NAMES_BY_API: Readonly<Record<string, string>> = Object.fromEntries(
  GROUPS.flatMap((group) =>
    fieldsOfGroup(group).flatMap(([name]) => {
      const shown = formName(group, name);
      const paths = [`${API_NAMES[group]}.${name}`, `flexibility.${API_NAMES[group]}.${name}`];
      if (group === 'flex-context') paths.push(name);
      return paths.map((path) => [path, shown]);
    }),
  ),
);

/** Stored flexibility as the form shows it. @param zone of times */
export const typedOf = (values: Flexibility, zone: string): TypedFlexibility => ({
  'flex-model': typedGroup('flex-model', values['flex-model'], zone),
  'flex-context': typedGroup('flex-context', values['flex-context'], zone),
});

function typedGroup(
  group: FlexGroup,
  values: Record<string, unknown>,
  zone: string,
): Record<string, TypedValue> {
  const known = fieldsOfGroup(group);
  const typed = known.map(([name, field]): [string, TypedValue] => [
    name,
    toTyped(field, values[name], zone),
  ]);
  const names = new Set(known.map(([name]) => name));
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
  const text = Object.keys(others).length > 0 ? JSON.stringify(others, undefined, 2) : '';
  return { ...Object.fromEntries(typed), [OTHERS]: { kind: 'json', text } };
}

/**
 * Reads a form with a row per field. A row that was not changed keeps the stored value as it is; one that was not sent, too.
 * @param stored before the change
 * @param zone of times
 */
export function readRows(request: Request, stored: Flexibility, zone: string): ReadForm {
  const read: ReadForm = {
    typed: typedOf(stored, zone),
    values: { 'flex-model': {}, 'flex-context': {} },
    reasons: {},
  };
  for (const group of GROUPS) readGroup(request, group, stored[group], zone, read);
  return read;
}

function readGroup(
  request: Request,
  group: FlexGroup,
  stored: Record<string, unknown>,
  zone: string,
  read: ReadForm,
): void {
  const before = read.typed[group];
  const values = read.values[group];
  const attempt = (name: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DomainError || error instanceof JsonTextError)) throw error;
      read.reasons[formName(group, name)] = reasonAtField(error);
    }
  };
  for (const [name, field] of fieldsOfGroup(group)) {
    const kind = fieldOf(request, kindName(group, name)) as TypedKind | '';
    const typed = kind === '' ? before[name]! : { kind, text: fieldOf(request, formName(group, name)) };
    const isSame =
      typed.kind === before[name]!.kind &&
      (typed.kind === 'none' || typed.text.trim() === before[name]!.text);
    before[name] = typed;
    attempt(name, () => {
      const value = isSame ? stored[name] : readTyped(name, field, typed, zone);
      if (value !== undefined) values[name] = value;
    });
  }
  const isSent = formName(group, OTHERS) in ((request.body ?? {}) as object);
  if (isSent) before[OTHERS] = { kind: 'json', text: fieldOf(request, formName(group, OTHERS)) };
  attempt(OTHERS, () => Object.assign(values, readObject(before[OTHERS]!.text)));
}

/** Reads a form with the JSON of both groups. */
export function readJson(request: Request, stored: Flexibility, zone: string): ReadForm {
  const values: Flexibility = { 'flex-model': {}, 'flex-context': {} };
  const reasons: Record<string, string> = {};
  for (const group of GROUPS) {
    try {
      values[group] = readObject(fieldOf(request, API_NAMES[group]));
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      reasons[API_NAMES[group]] = error.message;
      values[group] = stored[group];
    }
  }
  return { typed: typedOf(values, zone), values, reasons };
}

function readObject(text: string): Record<string, unknown> {
  const value = readJsonText(text);
  if (!isRecord(value)) throw new JsonTextError('An object is needed, such as {"soc-max": "450 kWh"}.');
  return value;
}
