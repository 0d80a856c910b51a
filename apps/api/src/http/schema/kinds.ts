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
}

/** What values a field may have: as schema for the contract, and as rule for requests. */
export interface Kind {
  schema: Schema;
  /** Why a value is none of this kind; undefined when it is one. */
  explain: (value: unknown) => string | undefined;
  /** Reasons by path within the value, '' for the value itself; for kinds whose values have parts of many kinds. */
  reasonsWithin?: (value: unknown) => Record<string, string>;
  /** Converts text input, such as digits in a query, to a value of this kind. Other input stays unchanged. */
  read?: (value: unknown) => unknown;
  /** Kind of the elements, of a list. */
  items?: Kind;
  /** As `read`, for what may hold many values: gets them as they came, before anybody copies them one by one. */
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
      if (/\p{Surrogate}/u.test(value)) return 'Halves of characters are not allowed.';
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

/** A whole number that fits the database's integers; digits as text are read too. */
export const integer = (range: Range & { format?: string } = {}): Kind => ({
  schema: { type: 'integer', ...range },
  explain: (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return 'Not a valid integer.';
    if (range.format !== 'int64' && Math.abs(value) > 2_147_483_647) return 'Number too large.';
    return outOfRange(value, range);
  },
  read: (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
});

/** A finite number; one as text is read too. */
export const number = (range: Range = {}): Kind => ({
  schema: { type: 'number', ...range },
  explain: (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? outOfRange(value, range)
      : (numberTooLong(value) ?? 'Not a valid number.'),
  read: (value) => (typeof value === 'string' ? (parseDecimal(value) ?? value) : value),
});

/** Why a text is too long to be read as a number; undefined when it is not. */
export const numberTooLong = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > MAX_NUMBER_LENGTH ? tooLong(MAX_NUMBER_LENGTH) : undefined;

/** True or false; the texts that clients write into queries are read too. */
export const flag = (): Kind => ({
  schema: { type: 'boolean' },
  explain: (value) => (typeof value === 'boolean' ? undefined : 'Not a valid boolean.'),
  read: (value) => {
    if (value === 1 || (typeof value === 'string' && /^(?:true|t|yes|y|on|1)$/i.test(value))) return true;
    if (value === 0 || (typeof value === 'string' && /^(?:false|f|no|n|off|0)$/i.test(value))) return false;
    return value;
  },
});

/** An ISO 8601 moment with time zone. Stays text: what offset was asked with matters. */
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
  // A + that nobody escaped arrives as a space.
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
    (parseDuration(value as string).negative ? 'A duration is not negative here.' : undefined),
});

/** An ISO 8601 duration that may have a leading minus. */
export const signedDuration = (): Kind => ({
  schema: { type: 'string', pattern: '^-?P' },
  explain: explainDuration,
});

/** Name of an IANA time zone. */
export const timeZone = (): Kind => ({
  schema: { type: 'string' },
  explain: (value) =>
    typeof value === 'string' && isTimeZone(value) ? undefined : 'Not a valid IANA timezone name.',
});

/** A unit that can be read. */
export function unit(limits: Pick<Schema, 'maxLength'> = {}): Kind {
  const { schema, explain } = text(limits);
  return {
    schema,
    explain: (value) => explain(value) ?? (isValidUnit(String(value)) ? undefined : 'Not a valid unit.'),
  };
}

/** How much attributes may hold; they are stored and sent as a whole. */
const ATTRIBUTES: ShapeLimits = { depth: 100, values: 20_000, strings: 20_000, parts: 20_000 };

/** The text of a JSON object, as attributes travel. */
export const jsonObjectText = (): Kind => ({
  schema: { type: 'string', contentMediaType: 'application/json' },
  explain: (value) => {
    if (typeof value !== 'string') return 'Not a valid JSON string.';
    const excess = new JsonShape(ATTRIBUTES).add(Buffer.from(value));
    // What is too deep was never valid.
    if (excess !== undefined && excess !== 'depth') return `Holds more than ${ATTRIBUTES[excess]} values.`;
    try {
      const parsed: unknown = excess === undefined ? JSON.parse(value) : undefined;
      const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
      return isObject && isStorable(parsed, ATTRIBUTES.depth) ? undefined : 'Not a valid JSON string.';
    } catch {
      return 'Not a valid JSON string.';
    }
  },
});

/** Whether the database can hold a value as JSON: no null characters, no halves of characters, no endless nesting. */
function isStorable(value: unknown, depth: number): boolean {
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

/** A value of any of several kinds; the first one's reason is given for a value of none. */
export const either = (...kinds: [Kind, ...Kind[]]): Kind => ({
  schema: { oneOf: kinds.map(({ schema }) => schema) },
  explain: (value) =>
    kinds.some(({ explain }) => explain(value) === undefined) ? undefined : kinds[0].explain(value),
});

/** A kind told by its schema only, for answers. */
export const shown = (schema: Schema): Kind => ({ schema, explain: none });
