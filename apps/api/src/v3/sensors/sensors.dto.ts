import { parseDurationMs } from '#lib/time';
import { Field } from '../../http/schema/field';
import {
  choice,
  duration,
  instant,
  integer,
  jsonObjectText,
  number,
  schemaOnly,
  signedDuration,
  text,
  timeZone,
  unit,
  type Kind,
} from '../../http/schema/kinds';

const minutes = number({ minimum: 0 });

/** A duration, in minutes or as an ISO 8601 string. */
const minutesOrDuration: Kind = {
  schema: { oneOf: [minutes.schema, duration().schema] },
  explain: (value) => {
    if (typeof value !== 'string') return minutes.explain(value);
    try {
      parseDurationMs(value);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'Not a valid duration.';
    }
  },
  read: minutes.read,
};

const rule = choice('ex_post', 'ex_ante', 'at_date', 'x_days_ago_at_y_oclock');

/** Parameters of the knowledge horizon function. */
export class KnowledgeHorizonParameters {
  @Field(signedDuration(), { default: 'PT0H' })
  ex_post_horizon?: string;

  @Field(signedDuration(), { optional: true })
  ex_ante_horizon?: string;

  @Field(instant(), { optional: true })
  knowledge_time?: string;

  @Field(integer(), { optional: true })
  x?: number;

  @Field(number({ minimum: 0, maximum: 24 }), { optional: true })
  y?: number;

  @Field(timeZone(), { optional: true })
  z?: string;
}

/** What identifies a sensor. */
class SensorIdentity {
  @Field(text())
  entity_address!: string;

  @Field(integer())
  generic_asset_id!: number;

  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(text())
  timezone!: string;

  @Field(text())
  unit!: string;
}

/** A time series about an asset, in a list. */
export class Sensor extends SensorIdentity {
  @Field(minutes)
  event_resolution!: number;
}

/** One sensor with all its fields. */
export class SensorDetails extends SensorIdentity {
  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  event_resolution!: string;

  @Field(jsonObjectText())
  attributes!: string;

  @Field(rule)
  knowledge_horizon_fnc!: string;

  @Field(() => KnowledgeHorizonParameters)
  knowledge_horizon_par!: KnowledgeHorizonParameters;
}

/** One sensor. */
export class SensorAnswer extends SensorDetails {
  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}

/** A new sensor. */
export class SensorPost {
  @Field(text({ maxLength: 120 }))
  name!: string;

  @Field(unit({ maxLength: 80 }))
  unit!: string;

  @Field(minutesOrDuration)
  event_resolution!: number | string;

  @Field(integer())
  generic_asset_id!: number;

  @Field(timeZone(), { default: 'UTC' })
  timezone?: string;

  @Field(jsonObjectText(), { default: '{}' })
  attributes?: string;

  @Field(rule, { default: 'ex_post' })
  knowledge_horizon_fnc?: string;

  @Field(() => KnowledgeHorizonParameters, { default: {} })
  knowledge_horizon_par?: KnowledgeHorizonParameters;
}

/** Changes of a sensor. */
export class SensorPatch {
  @Field(text({ maxLength: 120 }), { optional: true })
  name?: string;

  @Field(unit({ maxLength: 80 }), { optional: true })
  unit?: string;

  @Field(minutesOrDuration, { optional: true })
  event_resolution?: number | string;

  @Field(timeZone(), { optional: true })
  timezone?: string;

  @Field(jsonObjectText(), { optional: true })
  attributes?: string;
}
