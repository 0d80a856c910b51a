import { errorMessage, shown } from '#lib/errors';
import type { Field, Fields } from '#lib/plugin-api';
import { isTimeZone, parseDurationMs, parseInstant } from '#lib/time';

/** The values of fields, or what is wrong with them, by the name of the field. */
export type ReadFields =
  { values: Record<string, unknown> } | { values?: undefined; problems: Record<string, string[]> };

const MAX_ID = 2_147_483_647;
const UNKNOWN = 'Unknown field.';
const MISSING = 'Missing data for required field.';

/** Reads the parameters of a query, or the fields of a JSON body. Others are problems. */
export function readFields(fields: Fields, given: Readonly<Record<string, unknown>>): ReadFields {
  const values: Record<string, unknown> = {};
  const problems: Record<string, string[]> = {};
  for (const name of Object.keys(given)) if (!Object.hasOwn(fields, name)) problems[name] = [UNKNOWN];
  for (const [name, field] of Object.entries(fields)) {
    const raw = Object.hasOwn(given, name) ? given[name] : undefined;
    if (raw === undefined || raw === null) {
      if (field.required) problems[name] = [MISSING];
      else values[name] = field.default;
      continue;
    }
    try {
      values[name] = readField(field, raw);
    } catch (error) {
      problems[name] = [errorMessage(error)];
    }
  }
  return Object.keys(problems).length > 0 ? { problems } : { values };
}

/**
 * The value of a field.
 * @param raw a text, or a value of a JSON body
 * @throws Error with a sentence about what is expected
 */
export function readField({ type, choices = [], parse }: Field, raw: unknown): unknown {
  const text = typeof raw === 'string' ? raw : undefined;
  switch (type) {
    case 'json':
      return text === undefined ? raw : parseJson(text);
    case 'flag':
      return readFlag(raw);
    case 'number':
    case 'integer':
    case 'id':
      return readNumber(type, raw);
    default:
      if (text === undefined) throw new TypeError('Not a valid text.');
      return readText(type, text, choices, parse);
  }
}

function readText(
  type: Field['type'],
  text: string,
  choices: readonly string[],
  parse?: (text: string) => unknown,
): unknown {
  switch (type) {
    case 'datetime':
      return new Date(parseInstant(text));
    case 'date':
      return readDate(text);
    case 'duration':
      return parseDurationMs(text);
    case 'timezone':
      if (isTimeZone(text)) return text;
      throw new TypeError(`"${shown(text)}" is no time zone; give a name such as Europe/Amsterdam.`);
    case 'choice':
      if (choices.includes(text)) return text;
      throw new TypeError(`Must be one of: ${choices.join(', ')}.`);
    case 'own':
      return parse ? parse(text) : text;
    default:
      return text;
  }
}

function readNumber(type: 'number' | 'integer' | 'id', raw: unknown): number {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('Not a valid number.');
  if (type === 'number') return value;
  if (!Number.isSafeInteger(value)) throw new TypeError('Not a valid integer.');
  if (type === 'id' && (value < 1 || value > MAX_ID))
    throw new TypeError(`Must be an integer from 1 to ${MAX_ID}.`);
  return value;
}

function readFlag(raw: unknown): boolean {
  if (typeof raw === 'boolean') return raw;
  if (typeof raw === 'string' && /^(?:true|yes|1)$/i.test(raw)) return true;
  if (typeof raw === 'string' && /^(?:false|no|0)$/i.test(raw)) return false;
  throw new TypeError('Must be true or false.');
}

function readDate(text: string): string {
  const ms = Date.parse(`${text}T00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && new Date(ms || 0).toISOString().startsWith(text)) return text;
  throw new TypeError(`"${shown(text)}" is no date; give one such as 2026-03-04.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('Not valid JSON.');
  }
}

/** The JSON schema of a field. */
export function schemaOf({ type, choices, description, default: otherwise }: Field): object {
  return {
    ...SCHEMAS[type],
    ...(choices && { enum: choices }),
    ...(description === '' ? {} : { description }),
    ...(otherwise === undefined || otherwise instanceof Date ? {} : { default: otherwise }),
  };
}

const SCHEMAS: Record<Field['type'], object> = {
  text: { type: 'string' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  id: { type: 'integer', minimum: 1 },
  flag: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  duration: { type: 'string', description: 'ISO 8601 duration' },
  timezone: { type: 'string' },
  choice: { type: 'string' },
  json: {},
  own: { type: 'string' },
};
