import {
  GET_MESSAGE_TYPES,
  LONGEST_HORIZON_MS,
  POST_MESSAGE_TYPES,
  readPostedValues,
  type GetMessageType,
  type PartialRule,
  type PostMessageType,
} from '#lib/beliefs/model';
import { DomainError } from '#lib/errors';
import { durationToMs, parseDuration } from '#lib/time';
import { Field } from '../../http/schema/field';
import {
  choice,
  duration,
  instant,
  integer,
  numberTooLong,
  schemaOnly,
  signedDuration,
  text,
  type Kind,
} from '../../http/schema/kinds';
import { sensorInQuery, sensorReference } from '../sensors/sensor-reference';

const reasonAgainst = (value: unknown): string => numberTooLong(value) ?? 'Not a valid number.';

const PATTERN = String.raw`^\s*[-+]?\d*\.?\d`;

const postedValue: Kind = {
  schema: { type: ['number', 'string'], pattern: PATTERN },
  explain: (value) => {
    if (Number.isFinite(value)) return undefined;
    const isNumber = tryReadValues(value) instanceof Float64Array && !Array.isArray(value);
    return isNumber ? undefined : reasonAgainst(value);
  },
};

/** A value in a list; null stands for an unknown value. */
const valueOfSeries: Kind = {
  schema: { ...postedValue.schema, nullable: true },
  explain: (value) => (value === null ? undefined : postedValue.explain(value)),
};

/** One value or a list of values; read as an array with NaN for null. */
const postedValues: Kind = {
  schema: { oneOf: [postedValue.schema, { type: 'array', minItems: 1, items: valueOfSeries.schema }] },
  explain: (value) => {
    if (!(value instanceof Float64Array)) return reasonAgainst(value);
    return value.length === 0 ? 'Must have at least one value.' : undefined;
  },
  items: valueOfSeries,
  readWhole: tryReadValues,
};

function tryReadValues(value: unknown): unknown {
  if (value === null) return null;
  try {
    return readPostedValues(value);
  } catch (error) {
    if (error instanceof DomainError) return value;
    throw error;
  }
}

/** A belief horizon of fixed length, at most 100 years. */
export const horizon: Kind = {
  ...signedDuration(),
  explain: (value) => {
    const reason = signedDuration().explain(value);
    if (reason !== undefined) return reason;
    const { years, months, ...rest } = parseDuration(value as string);
    if (years || months)
      return 'The horizon must not have years or months: use weeks, days or smaller units.';
    return Math.abs(durationToMs(rest)) > LONGEST_HORIZON_MS
      ? 'The horizon must not exceed 100 years.'
      : undefined;
  },
};

/** An array of values. An alias, because @nestjs/swagger would take the class Float64Array for a schema. */
type Column = Float64Array | undefined;

/** A series of values with a fixed resolution, for the sensor in the path. */
export class DataOfSensorPost {
  @Field(postedValues, { optional: true })
  values?: Column;

  @Field(postedValues, { optional: true })
  value?: Column;

  @Field(instant())
  start!: string;

  @Field(duration())
  duration!: string;

  @Field(text())
  unit!: string;

  @Field(instant(), { optional: true })
  prior?: string;

  @Field(horizon, { optional: true })
  horizon?: string;

  @Field(choice(...POST_MESSAGE_TYPES), { default: 'PostSensorDataRequest' })
  type?: PostMessageType;
}

/** A series of values with a fixed resolution, for a sensor. */
export class SensorDataPost extends DataOfSensorPost {
  @Field(sensorReference(), { plural: 'sensors' })
  sensor!: number;
}

/** A window of data, with a filter for beliefs. */
export class DataWindowQuery {
  @Field(instant())
  start!: string;

  @Field(duration())
  duration!: string;

  @Field(duration(), { optional: true })
  resolution?: string;

  @Field(horizon, { optional: true })
  horizon?: string;

  @Field(instant(), { optional: true })
  prior?: string;

  @Field(integer({ minimum: 1 }), { optional: true })
  source?: number;

  @Field(integer({ minimum: 1 }), { optional: true })
  'source-account'?: number;

  @Field(text({ minLength: 1, maxLength: 80 }), { optional: true })
  'source-type'?: string;

  @Field(choice('unknown', 'scale'), { default: 'unknown' })
  partial?: PartialRule;

  @Field(choice(...GET_MESSAGE_TYPES), { default: 'GetSensorDataRequest' })
  type?: GetMessageType;
}

/** A window of the data of the sensor in the path. */
export class DataOfSensorQuery extends DataWindowQuery {
  @Field(text(), { optional: true })
  unit?: string;
}

/** A window of a sensor's data. */
export class SensorDataQuery extends DataWindowQuery {
  @Field(sensorInQuery(), { plural: 'sensors' })
  sensor!: number;

  @Field(text())
  unit!: string;
}

/** The values of a window; null for unknown values. */
export class SensorData {
  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  resolution!: string;

  @Field(schemaOnly({ type: 'string', format: 'date-time' }))
  start!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';

  @Field(text())
  unit!: string;

  @Field(schemaOnly({ type: 'array', items: { type: 'number', nullable: true } }))
  values!: (number | null)[];
}

/** The response after posting data. */
export class DataReceipt {
  @Field(text())
  message!: string;

  @Field(choice('PROCESSED'), { optional: true })
  results?: 'PROCESSED';

  @Field(choice('PROCESSED', 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED'))
  status!: 'PROCESSED' | 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED';
}
