import {
  GET_MESSAGE_TYPES,
  LONGEST_HORIZON_MS,
  POST_MESSAGE_TYPES,
  readPostedValues,
  type GetMessageType,
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
  shown,
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
    const isNumber = readable(value) instanceof Float64Array && !Array.isArray(value);
    return isNumber ? undefined : reasonAgainst(value);
  },
};

/** A value in a series, where null holds the place of an unknown one. */
const valueOfSeries: Kind = {
  schema: { ...postedValue.schema, nullable: true },
  explain: (value) => (value === null ? undefined : postedValue.explain(value)),
};

/** One value or a list of them; read as a column, NaN where a value is unknown. */
const postedValues: Kind = {
  schema: { oneOf: [postedValue.schema, { type: 'array', minItems: 1, items: valueOfSeries.schema }] },
  explain: (value) => {
    if (!(value instanceof Float64Array)) return reasonAgainst(value);
    return value.length === 0 ? 'There are no values.' : undefined;
  },
  items: valueOfSeries,
  readWhole: readable,
};

function readable(value: unknown): unknown {
  if (value === null) return null;
  try {
    return readPostedValues(value);
  } catch (error) {
    if (error instanceof DomainError) return value;
    throw error;
  }
}

/** How long before or after the fact something was recorded: an exact length within a lifetime. */
export const horizon: Kind = {
  ...signedDuration(),
  explain: (value) => {
    const reason = signedDuration().explain(value);
    if (reason !== undefined) return reason;
    const { years, months, ...rest } = parseDuration(value as string);
    if (years || months) return 'Give a horizon in weeks, days or smaller units.';
    return Math.abs(durationToMs(rest)) > LONGEST_HORIZON_MS
      ? 'A horizon is at most 100 years long.'
      : undefined;
  },
};

/** A column of values; the class itself would be taken for a schema. */
type Column = Float64Array | undefined;

/** Values at equal distances, for the sensor of the path. */
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

/** Values at equal distances, for a sensor. */
export class SensorDataPost extends DataOfSensorPost {
  @Field(sensorReference())
  sensor!: number;
}

/** A window of data, and which beliefs count. */
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
  @Field(sensorInQuery())
  sensor!: number;

  @Field(text())
  unit!: string;
}

/** The values of a window, null where nothing is known. */
export class SensorData {
  @Field(shown({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(text())
  message!: string;

  @Field(shown({ type: 'string', format: 'duration' }))
  resolution!: string;

  @Field(shown({ type: 'string', format: 'date-time' }))
  start!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';

  @Field(text())
  unit!: string;

  @Field(shown({ type: 'array', items: { type: 'number', nullable: true } }))
  values!: (number | null)[];
}

/** What became of posted data. */
export class DataReceipt {
  @Field(text())
  message!: string;

  @Field(choice('PROCESSED'), { optional: true })
  results?: 'PROCESSED';

  @Field(choice('PROCESSED', 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED'))
  status!: 'PROCESSED' | 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED';
}
