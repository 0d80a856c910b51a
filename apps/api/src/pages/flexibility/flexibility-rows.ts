import {
  kindsOf,
  seriesFormOf,
  takesList,
  writesSensor,
  FLEX_SECTIONS,
  type FlexGroup,
  type TypedKind,
  type TypedValue,
} from '#lib/scheduling/model/flex';
import {
  fieldsOfGroup,
  formName,
  kindName,
  OTHERS,
  POWER_SENSOR,
  type FormField,
  type TypedFlexibility,
} from './flexibility-form';

/** A value that holds if the asset stores none, and where it is. */
export interface ShownInherited {
  text: string;
  place: string;
  /** Path of the page of the asset that has it. */
  path?: string;
}

/** A row of the form: a field, how its value is written, and the value. */
export interface FlexRow {
  /** Name of the input, which is its id as well. */
  name: string;
  kind_name: string;
  label: string;
  field: string;
  help: string;
  /** What holds without a value, as a phrase. */
  otherwise?: string;
  kinds: [TypedKind, string][];
  kind: TypedKind;
  text: string;
  /** To choose from, instead of typing. */
  options?: [string, string][];
  /** What the field measures, which selects the sensors to choose from. */
  measure: string;
  placeholder: string;
  /** Whether rows of times have values, and whether they may be instants; undefined for fields without such rows. */
  series?: { hasValues: boolean; hasInstants: boolean };
  /** The names of the sensors, if the value is sensors. */
  chosen: string;
  inherited?: ShownInherited;
}

export interface FlexRows {
  title: string;
  /** Whether a field of the section is set. */
  is_open: boolean;
  count: number;
  rows: FlexRow[];
}

/** The sections of a group. @param inherited by field @param names of sensors, by id */
export function sectionsOf(
  group: FlexGroup,
  typed: TypedFlexibility,
  inherited: Readonly<Record<string, ShownInherited | undefined>>,
  reasons: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
): FlexRows[] {
  const fields = new Map(fieldsOfGroup(group));
  const sections: { title: string; fields: readonly string[] }[] = [
    ...(group === 'flex-model' ? [{ title: 'Device', fields: [POWER_SENSOR] }] : []),
    ...FLEX_SECTIONS[group],
  ];
  return sections.map(({ title, fields: own }) => {
    const rows = own.map((name) => ({
      ...rowOf(group, name, fields.get(name)!, typed, inherited[name]),
      chosen: chosenIn(typed[group][name], names),
    }));
    const count = rows.filter(({ kind }) => kind !== 'none').length;
    const isWrong = rows.some(({ name }) => name in reasons);
    return { title, count, rows, is_open: count > 0 || isWrong };
  });
}

/** A field as a row of a form. */
export function rowOf(
  group: FlexGroup,
  name: string,
  field: FormField,
  typed: TypedFlexibility,
  inherited: ShownInherited | undefined,
): Omit<FlexRow, 'chosen'> {
  const { kind, text } = typed[group][name] ?? { kind: 'none', text: '' };
  return {
    ...{ name: formName(group, name), kind_name: kindName(group, name), field: name, label: labelOf(name) },
    ...{ help: plain(field.description ?? HELP[name] ?? ''), kind, text, inherited },
    otherwise: field.default === undefined ? undefined : plain(field.default),
    kinds: kindsOf(field).map((one) => [one, one === 'sensor' && takesList(field) ? 'sensors' : KINDS[one]]),
    options: optionsOf(field),
    measure: measureOf(name, field),
    ...(kindsOf(field).includes('series') && { series: seriesFormOf(field, '') }),
    placeholder: typeof field.example === 'string' && !field.example.includes('{') ? field.example : '',
  };
}

/** Of sensors that record schedules, only those are offered to which the user may post data. */
function measureOf(name: string, field: FormField): string {
  const measure = (field.measure ?? 'power').replaceAll(' ', '-');
  const isRecorded = name === POWER_SENSOR || writesSensor(field);
  return isRecorded ? `recorded-${measure}` : measure;
}

/** The names of the sensors of a value. */
const chosenIn = (typed: TypedValue | undefined, names: Readonly<Record<string, string>>): string =>
  typed?.kind === 'sensor'
    ? typed.text
        .split(',')
        .flatMap((id) => names[id.trim()] ?? [])
        .join('; ')
    : '';

const KINDS: Record<TypedKind, string> = {
  none: 'not set',
  value: 'value',
  sensor: 'sensor',
  series: 'rows of times',
  json: 'JSON',
};

const HELP: Record<string, string> = {
  [POWER_SENSOR]:
    'Sensor to which the planned power of the device is recorded, if the asset has several power sensors.',
};

const YES_NO: [string, string][] = [
  ['true', 'yes'],
  ['false', 'no'],
];

function optionsOf({ type, choices }: FormField): [string, string][] | undefined {
  if (type === 'flag') return YES_NO;
  return choices?.map((one): [string, string] => [one, one]);
}

const LABELS: Record<string, string> = {
  [POWER_SENSOR]: 'Power sensor',
  'soc-min': 'Minimum state of charge',
  'soc-max': 'Maximum state of charge',
  'soc-at-start': 'State of charge at the start',
  'soc-unit': 'Unit of states of charge',
};

/** The name of a field for people. */
export function labelOf(name: string): string {
  const words = name.replace(/^soc-/, 'state of charge: ').replaceAll('-', ' ');
  return LABELS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Text without the marks of names. */
const plain = (text: string): string => text.replaceAll('`', '');

/** The JSON of fields that the form does not know. */
export const othersOf = (group: FlexGroup, typed: TypedFlexibility) => ({
  name: formName(group, OTHERS),
  text: typed[group][OTHERS]?.text ?? '',
});
