import { MAX_QUANTITY_LENGTH } from '#lib/units';
import { MAX_REASONS } from '../../http/errors/api-error';
import { isMapping } from '../../http/schema/field';
import {
  duration,
  either,
  instant,
  integer,
  list,
  text,
  tooLong,
  type Kind,
  type Schema,
} from '../../http/schema/kinds';
import { ONE_ITEM } from '../../http/schema/validation';
import { sensorReference } from '../sensors/sensor-reference';

const NOT_A_NUMBER = 'Not a valid number.';
export const MISSING = 'Missing data for required field.';

/** Reasons by path within a value; '' for the value itself. */
export type Reasons = Record<string, string>;
export type Check = (value: unknown) => Reasons;

/** A kind whose values have nested fields; its reasons name the invalid field. */
export const structured = (schema: Schema, reasonsWithin: Check): Kind => ({
  schema,
  reasonsWithin,
  explain: (value) => Object.values(reasonsWithin(value))[0],
  readWhole: withSensorIds,
});

/** Replaces valid references to sensors by `{ sensor: id }`: entity addresses, and `sensors` with one sensor. */
function withSensorIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSensorIds);
  const isReference = refersToSensor(value) && Object.keys(reasonsOfSensor(value)).length === 0;
  if (!isReference) return value;
  const selection = Object.entries(value).filter(([key]) => !SENSOR_KEYS.includes(key));
  return { sensor: SENSOR.read!(onlySensor(value)), ...Object.fromEntries(selection) };
}

/** The keys of a reference to a sensor: the API does not distinguish between singular and plural keys. */
const SENSOR_KEYS = ['sensor', 'sensors'];

const refersToSensor = (value: unknown): value is Record<string, unknown> =>
  isMapping(value) && SENSOR_KEYS.some((key) => Object.hasOwn(value, key));

/** The sensor of a valid reference. */
function onlySensor({ sensor, sensors }: Record<string, unknown>): unknown {
  if (sensor !== undefined) return sensor;
  return Array.isArray(sensors) ? (sensors as unknown[])[0] : sensors;
}

const SENSOR = sensorReference();
const NUMBER_FIRST = /^\s*[+-]?\d*\.?\d/;
const AMOUNT_FIRST = /^\s*\d*\.?\d/;
const SHARE = /^\s*(?:\d+(?:\.\d+)?|\.\d+)\s*(?:%\s*)?$/;

function reasonAgainst(text: string, pattern: RegExp, otherwise: string): string | undefined {
  if (text.length > MAX_QUANTITY_LENGTH) return tooLong(MAX_QUANTITY_LENGTH);
  return pattern.test(text) ? undefined : otherwise;
}

/** A number, or a string that starts with one. The scheduler checks the unit later. */
const numberOrText = (pattern: RegExp, minimum?: number): Kind => ({
  schema: {
    oneOf: [
      { type: 'number', ...(minimum === undefined ? {} : { minimum }) },
      { type: 'string', pattern: pattern.source },
    ],
  },
  explain: (value) => {
    if (typeof value === 'string') return reasonAgainst(value, pattern, NOT_A_NUMBER);
    if (typeof value !== 'number' || !Number.isFinite(value)) return NOT_A_NUMBER;
    return minimum !== undefined && value < minimum
      ? `Must be greater than or equal to ${minimum}.`
      : undefined;
  },
});

/** An amount of energy, such as "50%", "225 kWh" or 0.2. */
export const quantity = numberOrText(AMOUNT_FIRST, 0);

/** Any quantity, such as "50 kW", "90%" or -0.5. */
export const signedQuantity = numberOrText(NUMBER_FIRST);

/** A quantity that always needs a unit, such as a price. */
export const textQuantity: Kind = {
  schema: { type: 'string', pattern: NUMBER_FIRST.source },
  explain: (value) =>
    typeof value === 'string'
      ? reasonAgainst(value, NUMBER_FIRST, 'Not a valid quantity.')
      : 'Not a valid quantity.',
};

/** A share, as a number or in percent. */
export const efficiency: Kind = {
  schema: {
    oneOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      { type: 'string', pattern: SHARE.source },
    ],
  },
  explain: (value) => {
    if (typeof value === 'string') return reasonAgainst(value, SHARE, NOT_A_NUMBER);
    if (typeof value !== 'number' || !Number.isFinite(value)) return NOT_A_NUMBER;
    return value > 0 && value <= 1 ? undefined : 'Must be greater than 0 and less than or equal to 1.';
  },
};

const TIMES: Record<string, Kind> = { start: instant(), end: instant(), duration: duration() };

export function reasonsOfFields(value: unknown, kinds: Record<string, Kind>): Reasons {
  if (!isMapping(value)) return { '': 'Not a valid mapping.' };
  const reasons: Reasons = {};
  for (const [name, part] of Object.entries(value)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    const reason = kind ? (part === null ? 'Field may not be null.' : kind.explain(part)) : 'Unknown field.';
    if (reason !== undefined) reasons[name] = reason;
  }
  return reasons;
}

export const schemasOf = (kinds: Record<string, Kind>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(kinds).map(([name, { schema }]) => [name, schema]));

/** A value at an instant or during an interval. */
function timed(value: Kind): { schema: Schema; check: Check } {
  const kinds = { value, datetime: instant(), ...TIMES };
  return {
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['value'],
      properties: schemasOf(kinds),
    },
    check: (entry) => {
      const reasons = reasonsOfFields(entry, kinds);
      if (!isMapping(entry)) return reasons;
      if (!('value' in entry)) reasons['value'] = MISSING;
      if (!['datetime', 'start', 'end'].some((name) => name in entry)) reasons['datetime'] = MISSING;
      return reasons;
    },
  };
}

const ids = list(integer({ minimum: 1 }), { minItems: 1, maxItems: 100 });
const sourceTypes = list(text({ maxLength: 80 }), { minItems: 1, maxItems: 100 });

/** Keys beside `sensor` in a reference: which sources count, and what holds without data. */
const SELECTION: Record<string, Kind> = {
  source: either(integer({ minimum: 1 }), ids),
  sources: ids,
  'source-types': sourceTypes,
  'exclude-source-types': sourceTypes,
  'source-account': either(integer({ minimum: 1 }), ids),
  default: signedQuantity,
};

export const SENSOR_QUANTITY: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['sensor'],
  properties: schemasOf({ sensor: SENSOR, ...SELECTION }),
};

/** One sensor, alone or in a list. */
const SENSOR_UNDER_PLURAL: Kind = {
  schema: SENSOR.schema,
  explain: (value) => {
    if (!Array.isArray(value)) return SENSOR.explain(value);
    return value.length === 1 ? SENSOR.explain(value[0]) : ONE_ITEM;
  },
};

export const reasonsOfSensor: Check = (value) =>
  reasonsOfFields(
    value,
    isMapping(value) && Object.hasOwn(value, 'sensor')
      ? { sensor: SENSOR, ...SELECTION }
      : { sensors: SENSOR_UNDER_PLURAL, ...SELECTION },
  );

const PLAIN_REFERENCE: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['sensor'],
  properties: { sensor: SENSOR.schema },
};

/** Reasons against a reference to a sensor that selects nothing. */
const reasonsOfReference: Check = (value) =>
  isMapping(value) && !refersToSensor(value)
    ? { sensor: MISSING }
    : reasonsOfFields(
        value,
        isMapping(value) && Object.hasOwn(value, 'sensor')
          ? { sensor: SENSOR }
          : { sensors: SENSOR_UNDER_PLURAL },
      );

/** A sensor that records planned power. */
export const outputSensor = (): Kind => structured({ allOf: [PLAIN_REFERENCE] }, reasonsOfReference);

/** A sensor by id or address, or as `{"sensor": 5}`; read as its id. */
export const sensorInList = (): Kind => ({
  schema: { oneOf: [...SENSOR.schema.oneOf!, PLAIN_REFERENCE] },
  explain: (value) =>
    isMapping(value) ? Object.values(reasonsOfReference(value))[0] : SENSOR.explain(value),
  read: (value) => SENSOR.read!(refersToSensor(value) ? onlySensor(value) : value),
});

const reasonsOfValue = ({ explain }: Kind, value: unknown): Reasons => {
  const reason = explain(value);
  return reason === undefined ? {} : { '': reason };
};

/** Checks items until there are more reasons than an answer shows. */
export function reasonsOfItems(items: unknown[], check: Check): Reasons {
  const found: [string, string][] = [];
  for (let i = 0; i < items.length && found.length <= MAX_REASONS; i++) {
    for (const [inner, reason] of Object.entries(check(items[i]))) {
      found.push([inner === '' ? String(i) : `${i}.${inner}`, reason]);
    }
  }
  return Object.fromEntries(found);
}

/** A quantity that may change over time: fixed, recorded by a sensor, or a series. */
export function variableQuantity(fixed: Kind): Kind {
  const entry = timed(signedQuantity);
  const fixedSchemas = fixed.schema.oneOf ?? [fixed.schema];
  return structured(
    { oneOf: [...fixedSchemas, SENSOR_QUANTITY, { type: 'array', items: entry.schema }] },
    (value) => {
      if (Array.isArray(value)) return reasonsOfItems(value, entry.check);
      if (isMapping(value)) return refersToSensor(value) ? reasonsOfSensor(value) : { sensor: MISSING };
      return reasonsOfValue(fixed, value);
    },
  );
}

/** States of charge: one throughout, at instants or during intervals, or recorded by a sensor. */
export function socSeries(): Kind {
  const entry = timed(quantity);
  const fixedSchemas = quantity.schema.oneOf!;
  return structured(
    { oneOf: [...fixedSchemas, { type: 'array', items: entry.schema }, SENSOR_QUANTITY] },
    (value) => {
      if (Array.isArray(value)) return reasonsOfItems(value, entry.check);
      if (isMapping(value))
        return refersToSensor(value) ? reasonsOfSensor(value) : { '': 'Not a valid list.' };
      return reasonsOfValue(quantity, value);
    },
  );
}

/** Maximum number of powers in a sum; a series counts as one. */
const MAX_POWERS = 1000;

function checkPowerCount(items: unknown[]): Reasons | undefined {
  const count = items.filter((item) => !isMapping(item) || refersToSensor(item)).length;
  return count > MAX_POWERS ? { '': `Longer than maximum length ${MAX_POWERS}.` } : undefined;
}

/** A power that may change over time, or a list of powers that are summed. */
export function powerSum(): Kind {
  const entry = timed(signedQuantity);
  const series: Schema = { type: 'array', items: entry.schema };
  const reasonsOfText: Check = (value) => reasonsOfValue(textQuantity, value);
  const reasonsOfPart: Check = (part) => {
    if (Array.isArray(part)) return reasonsOfItems(part, entry.check);
    if (!isMapping(part)) return reasonsOfText(part);
    return refersToSensor(part) ? reasonsOfSensor(part) : entry.check(part);
  };
  return structured(
    {
      oneOf: [
        textQuantity.schema,
        SENSOR_QUANTITY,
        {
          type: 'array',
          items: { oneOf: [textQuantity.schema, SENSOR_QUANTITY, entry.schema, series] },
        },
      ],
    },
    (value) => {
      if (Array.isArray(value)) return checkPowerCount(value) ?? reasonsOfItems(value, reasonsOfPart);
      return isMapping(value)
        ? refersToSensor(value)
          ? reasonsOfSensor(value)
          : { sensor: MISSING }
        : reasonsOfText(value);
    },
  );
}

/** Intervals, each with two of start, end and duration. */
export const intervals = (): Kind =>
  structured(
    {
      type: 'array',
      items: { type: 'object', additionalProperties: false, properties: schemasOf(TIMES) },
    },
    (value) =>
      Array.isArray(value)
        ? reasonsOfItems(value, (one) => reasonsOfFields(one, TIMES))
        : { '': 'Not a valid list.' },
  );
