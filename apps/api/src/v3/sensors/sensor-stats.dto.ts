import { Field, ListField } from '../../http/schema/field';
import { instant, integer, number, schemaOnly, text } from '../../http/schema/kinds';

const textOrNull = schemaOnly({ type: 'string', nullable: true });

/** The source of a belief. */
export class DataSource {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(text())
  type!: string;

  @Field(textOrNull)
  model!: string | null;

  @Field(textOrNull)
  version!: string | null;
}

/** Statistics of the beliefs of one source about a sensor's events. */
export class SourceStats {
  @Field(() => DataSource)
  source!: DataSource;

  @Field(integer())
  count!: number;

  @Field(instant())
  first_event_start!: string;

  @Field(instant())
  last_event_end!: string;

  @Field(instant())
  last_belief_time!: string;

  @Field(number())
  min!: number;

  @Field(number())
  max!: number;

  @Field(number())
  mean!: number;

  @Field(number())
  sum!: number;
}

/** Statistics of a sensor's data, by data source. */
export class SensorStats {
  @Field(integer())
  sensor!: number;

  @ListField(() => SourceStats)
  sources!: SourceStats[];

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;

  @Field(text())
  unit!: string;
}

/** Filter for the times of events. */
export class EventWindowQuery {
  @Field(instant(), { optional: true })
  event_starts_after?: string;

  @Field(instant(), { optional: true })
  event_ends_before?: string;
}
