import { Field, ListField, OpenFields } from '../contract/field';
import { choice, duration, flag, instant, list, number, shown, text, type Kind } from '../contract/kinds';
import { sensorReference } from './sensor-reference';

const NOT_A_NUMBER = 'Not a valid number.';

/** An amount of energy: a number, or a text that begins with one ("50%", "225 kWh"); its unit is checked later. */
const quantity: Kind = {
  schema: {
    oneOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: String.raw`^\s*\d*\.?\d` },
    ],
  },
  explain: (value) => {
    if (typeof value === 'number') return number({ minimum: 0 }).explain(value);
    return typeof value === 'string' && /^\s*\d*\.?\d/.test(value) ? undefined : NOT_A_NUMBER;
  },
};

/** A share, as a number or in percent. */
const efficiency: Kind = {
  schema: {
    oneOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      { type: 'string', pattern: String.raw`^\s*\d*\.?\d+\s*%?\s*$` },
    ],
  },
  explain: (value) => {
    if (typeof value === 'string') return /^\s*\d*\.?\d+\s*%?\s*$/.test(value) ? undefined : NOT_A_NUMBER;
    if (typeof value !== 'number' || !Number.isFinite(value)) return NOT_A_NUMBER;
    return value > 0 && value <= 1 ? undefined : 'Must be greater than 0 and less than or equal to 1.';
  },
};

const socUnit = choice('kWh', 'MWh');
const OPTIONAL = { optional: true };
const MOVED = { optional: true, deprecated: true };

/** A state of charge to reach at some moment. */
export class SocTarget {
  @Field(quantity)
  value!: string | number;

  @Field(instant())
  datetime!: string;
}

/** State and limits of a storage device. The built-in scheduler knows no other fields. */
@OpenFields()
export class FlexModel {
  @Field(quantity, OPTIONAL)
  'soc-at-start'?: string | number;

  @Field(socUnit, OPTIONAL)
  'soc-unit'?: string;

  @Field(quantity, OPTIONAL)
  'soc-min'?: string | number;

  @Field(quantity, OPTIONAL)
  'soc-max'?: string | number;

  @ListField(() => SocTarget, OPTIONAL)
  'soc-targets'?: SocTarget[];

  @Field(() => SocTarget, OPTIONAL)
  'soc-target'?: SocTarget;

  @Field(efficiency, OPTIONAL)
  'roundtrip-efficiency'?: string | number;

  @Field(flag(), { default: true })
  'prefer-charging-sooner'?: boolean;
}

/** The site of the device. The built-in scheduler knows no other fields. */
@OpenFields()
export class FlexContext {
  @Field(sensorReference(), OPTIONAL)
  'consumption-price-sensor'?: number;

  @Field(sensorReference(), OPTIONAL)
  'production-price-sensor'?: number;

  @Field(list(sensorReference()), OPTIONAL)
  'inflexible-device-sensors'?: number[];

  @Field(sensorReference(), OPTIONAL)
  'inflexible-device-sensor'?: number;
}

/** A schedule to be made. */
export class SchedulePost {
  @Field(instant())
  start!: string;

  @Field(duration(), OPTIONAL)
  duration?: string;

  @Field(instant(), OPTIONAL)
  prior?: string;

  @Field(flag(), { default: false })
  force_new_job_creation?: boolean;

  @Field(() => FlexModel, OPTIONAL)
  'flex-model'?: FlexModel;

  @Field(() => FlexContext, OPTIONAL)
  'flex-context'?: FlexContext;

  @Field(quantity, MOVED)
  'soc-at-start'?: string | number;

  @Field(socUnit, MOVED)
  'soc-unit'?: string;

  @Field(quantity, MOVED)
  'soc-min'?: string | number;

  @Field(quantity, MOVED)
  'soc-max'?: string | number;

  @ListField(() => SocTarget, MOVED)
  'soc-targets'?: SocTarget[];

  @Field(efficiency, MOVED)
  'roundtrip-efficiency'?: string | number;

  @Field(flag(), MOVED)
  'prefer-charging-sooner'?: boolean;

  @Field(sensorReference(), MOVED)
  'consumption-price-sensor'?: number;

  @Field(sensorReference(), MOVED)
  'production-price-sensor'?: number;

  @Field(list(sensorReference()), MOVED)
  'inflexible-device-sensors'?: number[];
}

/** How much of a schedule to give. */
export class ScheduleQuery {
  @Field(duration(), { default: 'PT6H' })
  duration?: string;
}

/** A schedule was asked for. */
export class ScheduleReceipt {
  @Field(text())
  message!: string;

  @Field(shown({ type: 'string', format: 'uuid' }))
  schedule!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';
}

/** A schedule, or the first part of it; consumption is positive. */
export class Schedule {
  @Field(shown({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(text())
  message!: string;

  @Field(shown({ type: 'string', format: 'date-time' }))
  start!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';

  @Field(text())
  unit!: string;

  @Field(shown({ type: 'array', items: { type: 'number' } }))
  values!: number[];
}
