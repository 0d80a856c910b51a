import type { FlexField, ValueType } from '../fields';
import { flexError } from '../flex-error';
import { readSeries, seriesText, type SeriesForm } from './series-text';

/** How the value of a field is typed in a form: not at all, as a value, as a sensor (or several), as rows of a series, or as JSON. */
export type TypedKind = 'none' | 'value' | 'sensor' | 'series' | 'json';

/** What a form has for a field. */
export interface TypedValue {
  kind: TypedKind;
  text: string;
}

/** What forms need to know of a field. */
type FormField = Pick<FlexField, 'type' | 'choices'>;

/** The id of a power sensor, which is a field of stored flex-models only. */
export const POWER_SENSOR_FIELD: FormField = { type: 'sensor-id' };

const SENSOR_TYPES: readonly ValueType[] = [
  ...(['sensor-id', 'sensor-ids', 'sensor-reference', 'sensor-references', 'output-sensor'] as const),
];
const LIST_TYPES: readonly ValueType[] = ['sensor-ids', 'sensor-references'];
const BARE_TYPES: readonly ValueType[] = ['sensor-id', 'sensor-ids'];
const JSON_TYPES: readonly ValueType[] = ['operation-modes', 'commitments', 'commodities'];
const VARIABLE_TYPES: readonly ValueType[] = [
  ...(['variable-quantity', 'variable-price', 'energy-series', 'state-of-charge', 'power-sum'] as const),
];
/** Types whose numbers may be written without a unit. */
const NUMBER_TYPES: readonly ValueType[] = ['energy', 'quantity', 'share', ...VARIABLE_TYPES];

/** The ways in which the value of a field can be typed. */
export function kindsOf({ type }: FormField): TypedKind[] {
  if (JSON_TYPES.includes(type)) return ['none', 'json'];
  if (type === 'intervals') return ['none', 'series', 'json'];
  if (SENSOR_TYPES.includes(type)) return ['none', 'sensor', 'json'];
  if (VARIABLE_TYPES.includes(type)) return ['none', 'value', 'sensor', 'series', 'json'];
  return type === 'group' ? ['none', 'value', 'json'] : ['none', 'value'];
}

/** Whether the value of a field can name several sensors. */
export const takesList = ({ type }: FormField): boolean => LIST_TYPES.includes(type);

/** How rows of a field are written. @param zone of their times */
export const seriesFormOf = ({ type }: FormField, zone: string): SeriesForm => ({
  zone,
  hasValues: type !== 'intervals',
  hasInstants: type === 'energy-series' || type === 'state-of-charge',
});

/** A stored value as a form shows it. @param zone of times */
export function toTyped(field: FormField, value: unknown, zone: string): TypedValue {
  if (value === undefined) return { kind: 'none', text: '' };
  const sensors = sensorTexts(field, value);
  if (sensors !== undefined) return { kind: 'sensor', text: sensors };
  const kinds = kindsOf(field);
  if (isPlain(value) && kinds.includes('value')) return { kind: 'value', text: String(value) };
  if (field.type === 'group') {
    const group = groupText(value);
    if (group !== undefined) return { kind: 'value', text: group };
  }
  const rows = kinds.includes('series') ? seriesText(value, seriesFormOf(field, zone)) : undefined;
  if (rows !== undefined) return { kind: 'series', text: rows };
  return { kind: 'json', text: JSON.stringify(value) };
}

/**
 * The value that a form has for a field.
 * @param zone of times
 * @returns undefined if the field is not set
 * @throws DomainError FLEX_MODEL_INVALID naming the field, for text that cannot be read
 */
export function readTyped(name: string, field: FormField, { kind, text }: TypedValue, zone: string): unknown {
  const trimmed = text.trim();
  if (kind === 'none') return undefined;
  if (trimmed === '') throw flexError(name, 'A value is needed. Choose "not set" to leave it out.');
  if (kind === 'json') return readJson(name, trimmed);
  if (kind === 'series') return readSeries(name, trimmed, seriesFormOf(field, zone));
  if (kind === 'sensor') return readSensors(name, field, trimmed);
  if (field.type === 'group') return readGroup(name, trimmed);
  if (field.type === 'flag' && /^(?:true|false)$/.test(trimmed)) return trimmed === 'true';
  if (NUMBER_TYPES.includes(field.type) && Number.isFinite(Number(trimmed))) return Number(trimmed);
  return trimmed;
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw flexError(name, 'This is not valid JSON.');
  }
}

function readSensors(name: string, field: FormField, text: string): unknown {
  const ids = text.split(',').map((one) => one.trim());
  if (!ids.every((id) => /^[1-9]\d{0,9}$/.test(id)))
    throw flexError(name, 'The id of a sensor is needed, such as 5.');
  if (ids.length > 1 && !takesList(field)) throw flexError(name, 'Only one sensor is possible.');
  const values = ids.map((id) => (BARE_TYPES.includes(field.type) ? Number(id) : { sensor: Number(id) }));
  return takesList(field) ? values : values[0];
}

function readGroup(name: string, text: string): unknown {
  const [, kind, id] = /^(asset|sensor)\s+([1-9]\d{0,9})$/.exec(text) ?? [];
  if (kind === undefined) throw flexError(name, 'An asset or a sensor is needed, such as "asset 7".');
  return { [kind]: Number(id) };
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** The ids of sensors, if a value has nothing else. */
function sensorTexts(field: FormField, value: unknown): string | undefined {
  if (!kindsOf(field).includes('sensor')) return undefined;
  if (Array.isArray(value)) {
    if (!takesList(field) || value.length === 0) return undefined;
    const ids = value.map((one) => idOf(field, one));
    return ids.every((id) => id !== undefined) ? ids.join(', ') : undefined;
  }
  const id = idOf(field, value);
  return takesList(field) || id === undefined ? undefined : String(id);
}

function idOf({ type }: FormField, value: unknown): number | undefined {
  if (typeof value === 'number') return BARE_TYPES.includes(type) ? value : undefined;
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined;
  const { sensor } = value as Record<string, unknown>;
  return typeof sensor === 'number' ? sensor : undefined;
}

function groupText(value: unknown): string | undefined {
  const [[kind, id] = [], ...others] = Object.entries(value as object) as [string, unknown][];
  const isGroup = (kind === 'asset' || kind === 'sensor') && typeof id === 'number';
  return isGroup && others.length === 0 ? `${kind} ${id}` : undefined;
}
