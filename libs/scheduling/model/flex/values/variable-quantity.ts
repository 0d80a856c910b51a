import { errorMessage } from '#lib/errors';
import { addDuration, parseDuration, parseInstant } from '#lib/time';
import { flexError } from '../flex-error';
import { parseSourceFilter, type SourceFilter } from './source-filter';

/** One value of a series. */
export interface QuantityEntry {
  text: string;
  startMs: number;
  /** Equal to the start for a value at an instant. */
  endMs: number;
}

/** A quantity that a sensor records. */
export interface SensorQuantity {
  kind: 'sensor';
  sensorId: number;
  /** Which sources count; all if undefined. */
  filter?: SourceFilter;
  /** The value where the sensor has no data; undefined to assume one and say so. */
  defaultText?: string;
}

/** A quantity in a request, which may change over time: fixed, recorded by a sensor, or a series of values. */
export type VariableQuantity =
  { kind: 'fixed'; text: string } | SensorQuantity | { kind: 'series'; entries: QuantityEntry[] };

/**
 * Parses `50`, `"50 kW"`, `{"sensor": 5}` (with source filters and a `default`) or a list of entries `{"value": ..., "datetime": ...}` or
 * `{"value": ..., "start": ..., "end" or "duration": ...}`. `quantity` is accepted in place of `value`.
 * The texts of values are not parsed.
 *
 * @param timezone in which days are counted
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function parseVariableQuantity(raw: unknown, field: string, timezone: string): VariableQuantity {
  if (typeof raw === 'number' || typeof raw === 'string') return { kind: 'fixed', text: String(raw) };
  if (Array.isArray(raw)) {
    const entries = raw.map((entry: unknown, i) => parseEntry(entry, `${field}.${i}`, timezone));
    return { kind: 'series', entries };
  }
  if (isRecord(raw) && Number.isInteger(raw['sensor'])) return parseReference(raw, field);
  throw flexError(
    field,
    'a number, a quantity such as "50 kW", {"sensor": 5} or a list of values is needed.',
  );
}

function parseReference(raw: Record<string, unknown>, field: string): SensorQuantity {
  const filter = parseSourceFilter(raw, field);
  const { sensor: sensorId, default: otherwise } = raw;
  if (otherwise !== undefined && typeof otherwise !== 'number' && typeof otherwise !== 'string')
    throw flexError(`${field}.default`, 'a number or a quantity such as "50 kW" is needed.');
  return {
    ...{ kind: 'sensor', sensorId: sensorId as number },
    ...(filter ? { filter } : {}),
    ...(otherwise === undefined ? {} : { defaultText: String(otherwise) }),
  };
}

/** The id of a sensor, from a number or from digits; undefined for anything else. */
export function parseSensorId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseEntry(raw: unknown, field: string, timezone: string): QuantityEntry {
  if (!isRecord(raw)) throw flexError(field, 'Not a valid mapping.');
  const value = raw['value'] ?? raw['quantity'];
  if (typeof value !== 'number' && typeof value !== 'string') throw flexError(field, 'a value is needed.');
  return { text: String(value), ...parseTimes(raw, field, timezone) };
}

/**
 * Parses the interval of an entry, from two of start, end and duration, or its instant.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function parseTimes(raw: Record<string, unknown>, field: string, timezone: string) {
  const instant = (name: string) => readText(raw[name], `${field}.${name}`, parseInstant);
  const at = instant('datetime');
  if (at !== undefined) return { startMs: at, endMs: at };
  const start = instant('start');
  const end = instant('end');
  const duration = readText(raw['duration'], `${field}.duration`, parseDuration);
  const endMs = end ?? (start !== undefined && duration ? addDuration(start, duration, timezone) : undefined);
  const startMs =
    start ??
    (end !== undefined && duration
      ? addDuration(end, { ...duration, negative: !duration.negative }, timezone)
      : undefined);
  if (startMs === undefined || endMs === undefined) {
    throw flexError(field, 'a datetime is needed, or two of start, end and duration.');
  }
  if (endMs < startMs) throw flexError(field, 'the end is before the start.');
  return { startMs, endMs };
}

function readText<T>(value: unknown, field: string, parse: (text: string) => T): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw flexError(field, 'an ISO 8601 text is needed.');
  try {
    return parse(value);
  } catch (error) {
    throw flexError(field, errorMessage(error));
  }
}
