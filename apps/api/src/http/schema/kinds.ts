import { shown as shortened } from '#lib/errors';
import { isTimeZone, parseDuration, parseInstant, TimeError } from '#lib/time';
import { isValidUnit, MAX_NUMBER_LENGTH, parseDecimal } from '#lib/units';
import { JsonShape, type ShapeLimits } from '../bodies/json-shape';

type SchemaType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';

/** A JSON schema, as far as the API needs one. */
export interface Schema {
  type?: SchemaType | readonly SchemaType[];
  format?: string;
  pattern?: string;
  contentMediaType?: string;
  enum?: readonly (string | number)[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  nullable?: boolean;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minProperties?: number;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}

/** The values that a field accepts: as a schema for the contract, and as a validation rule for requests. */
export interface Kind {
  schema: Schema;
  /** Why a value is invalid; undefined for a valid value. */
  explain: (value: unknown) => string | undefined;
  /** Reasons by path within the value, '' for the value itself; only for kinds whose values have nested fields. */
  reasonsWithin?: (value: unknown) => Record<string, string>;
  /** Converts text input, such as digits in a query, to a value of this kind. Other input stays unchanged. */
  read?: (value: unknown) => unknown;
  /** Kind of the items of a list. */
  items?: Kind;
  /** As `read`, for values with many items: called before class-transformer, which would copy item by item. */
  readWhole?: (value: unknown) => unknown;
}

const none = (): undefined => undefined;

export const tooLong = (maxLength: number): string => `Longer than maximum length ${maxLength}.`;

/** Any text. */
export function text(limits: Pick<Schema, 'minLength' | 'maxLength' | 'format'> = {}): Kind {
  const { minLength = 0, maxLength = Infinity } = limits;
  return {
    schema: { type: 'string', ...limits },
    explain: (value) => {
      if (typeof value !== 'string') return 'Not a valid string.';
      if (value.includes('\0')) return 'Null characters are not allowed.';
      if (/\p{Surrogate}/u.test(value)) return 'Unpaired surrogates are not allowed.';
      if (value.length < minLength) return `Shorter than minimum length ${minLength}.`;
      return value.length > maxLength ? tooLong(maxLength) : undefined;
    },
  };
}

/** One of several texts. */
export const choice = (...choices: readonly string[]): Kind => ({
  schema: { type: 'string', enum: choices },
  explain: (value) =>
    choices.some((one) => one === value) ? undefined : `Must be one of: ${choices.join(', ')}.`,
});

type Range = Pick<Schema, 'minimum' | 'exclusiveMinimum' | 'maximum'>;

function outOfRange(value: number, { minimum, exclusiveMinimum, maximum }: Range): string | undefined {
  if (minimum !== undefined && value < minimum) return `Must be greater than or equal to ${minimum}.`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return `Must be greater than ${exclusiveMinimum}.`;
  return maximum !== undefined && value > maximum ? `Must be less than or equal to ${maximum}.` : undefined;
}

/** An integer that fits the integer type of the database. Strings of digits are accepted. */
export const integer = (range: Range & { format?: string } = {}): Kind => ({
  schema: { type: 'integer', ...range },
  explain: (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return 'Not a valid integer.';
    if (range.format !== 'int64' && Math.abs(value) > 2_147_483_647) return 'Number too large.';
    return outOfRange(value, range);
  },
  read: (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
});

/** A finite number. Strings with a number are accepted. */
export const number = (range: Range = {}): Kind => ({
  schema: { type: 'number', ...range },
  explain: (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? outOfRange(value, range)
      : (numberTooLong(value) ?? 'Not a valid number.'),
  read: (value) => (typeof value === 'string' ? (parseDecimal(value) ?? value) : value),
});

/** The reason if a string is too long for a number; otherwise undefined. */
export const numberTooLong = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > MAX_NUMBER_LENGTH ? tooLong(MAX_NUMBER_LENGTH) : undefined;

/** A boolean. The strings that clients write into queries are accepted, such as "yes" and "off". */
export const flag = (): Kind => ({
  schema: { type: 'boolean' },
  explain: (value) => (typeof value === 'boolean' ? undefined : 'Not a valid boolean.'),
  read: (value) => {
    if (value === 1 || (typeof value === 'string' && /^(?:true|t|yes|y|on|1)$/i.test(value))) return true;
    if (value === 0 || (typeof value === 'string' && /^(?:false|f|no|n|off|0)$/i.test(value))) return false;
    return value;
  },
});

/** An ISO 8601 instant with time zone. It stays a string, because responses repeat the offset of the request. */
export const instant = (): Kind => ({
  schema: { type: 'string', format: 'date-time' },
  explain: (value) => {
    if (typeof value !== 'string') return 'Not a valid datetime.';
    try {
      parseInstant(value);
      return undefined;
    } catch (error) {
      const isNaive = error instanceof TimeError && error.code === 'NAIVE_DATETIME';
      return isNaive ? 'Not a valid aware datetime.' : 'Not a valid datetime.';
    }
  },
  // An unescaped + in a query arrives as a space.
  read: (value) => (typeof value === 'string' ? value.replace(/ (\d{2}:?\d{2})$/, '+$1') : value),
});

const explainDuration = (value: unknown): string | undefined => {
  try {
    parseDuration(typeof value === 'string' ? value : '');
    return undefined;
  } catch {
    const given = shortened(typeof value === 'string' ? value : JSON.stringify(value ?? null));
    return `Cannot parse ${given} as ISO8601 duration: Unable to parse duration string '${given}'`;
  }
};

/** An ISO 8601 duration. */
export const duration = (): Kind => ({
  schema: { type: 'string', format: 'duration' },
  explain: (value) =>
    explainDuration(value) ??
    (parseDuration(value as string).negative ? 'The duration must not be negative.' : undefined),
});

/** An ISO 8601 duration that may have a leading minus. */
export const signedDuration = (): Kind => ({
  schema: { type: 'string', pattern: '^-?P' },
  explain: explainDuration,
});

/** The name of an IANA time zone. */
export const timeZone = (): Kind => ({
  schema: { type: 'string' },
  explain: (value) =>
    typeof value === 'string' && isTimeZone(value) ? undefined : 'Not a valid IANA timezone name.',
});

/** A unit of measurement. */
export function unit(limits: Pick<Schema, 'maxLength'> = {}): Kind {
  const { schema, explain } = text(limits);
  return {
    schema,
    explain: (value) => explain(value) ?? (isValidUnit(String(value)) ? undefined : 'Not a valid unit.'),
  };
}

/** Limits of attributes, which are stored and sent as a whole. */
const ATTRIBUTES: ShapeLimits = { depth: 100, values: 20_000, strings: 20_000, parts: 20_000 };

/** A string that contains a JSON object; attributes are sent like this. */
export const jsonObjectText = (): Kind => ({
  schema: { type: 'string', contentMediaType: 'application/json' },
  explain: (value) => {
    if (typeof value !== 'string') return 'Not a valid JSON string.';
    const excess = new JsonShape(ATTRIBUTES).add(Buffer.from(value));
    // Too deep nesting has the message of invalid JSON.
    if (excess !== undefined && excess !== 'depth')
      return `Must not have more than ${ATTRIBUTES[excess]} values.`;
    try {
      const parsed: unknown = excess === undefined ? JSON.parse(value) : undefined;
      const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
      return isObject && isStorable(parsed, ATTRIBUTES.depth) ? undefined : 'Not a valid JSON string.';
    } catch {
      return 'Not a valid JSON string.';
    }
  },
});

/** Whether the database can store a value as JSON: no null characters, no unpaired surrogates, limited nesting. */
export function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !/\0|\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return (
    depth > 0 &&
    Object.entries(value).every(([name, item]) => isStorable(name, 0) && isStorable(item, depth - 1))
  );
}

/** An object with any fields. */
export const anyObject = (): Kind => ({
  schema: { type: 'object', additionalProperties: true },
  explain: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'Not a valid mapping.',
});

/** A list of values of one kind. */
export const list = (items: Kind, { minItems = 0, maxItems = Infinity } = {}): Kind => ({
  schema: {
    type: 'array',
    items: items.schema,
    ...(minItems > 0 && { minItems }),
    ...(maxItems < Infinity && { maxItems }),
  },
  items,
  explain: (value) => {
    if (!Array.isArray(value)) return 'Not a valid list.';
    if (value.length < minItems) return `Shorter than minimum length ${minItems}.`;
    if (value.length > maxItems) return `Longer than maximum length ${maxItems}.`;
    for (const item of value as unknown[]) {
      const reason = items.explain(item);
      if (reason !== undefined) return reason;
    }
    return undefined;
  },
  read: (value) => (Array.isArray(value) && items.read ? value.map(items.read) : value),
});

/** A value of this kind, or null. */
export const nullable = (kind: Kind): Kind => ({
  ...kind,
  schema: { ...kind.schema, nullable: true },
  explain: (value) => (value === null ? undefined : kind.explain(value)),
});

/** A value of any of several kinds. The reason for an invalid value is that of the first kind. */
export const either = (...kinds: [Kind, ...Kind[]]): Kind => ({
  schema: { oneOf: kinds.map(({ schema }) => schema) },
  explain: (value) =>
    kinds.some(({ explain }) => explain(value) === undefined) ? undefined : kinds[0].explain(value),
});

/** A kind without a validation rule, for fields of responses. */
export const schemaOnly = (schema: Schema): Kind => ({ schema, explain: none });
