import { Field, ListField, OpenFields } from '../../http/schema/field';
import { flag, instant, integer, number, schemaOnly, text } from '../../http/schema/kinds';
import { DataSource } from '../sources/sources.dto';

const textOrNull = schemaOnly({ type: 'string', nullable: true });

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

/** Statistics of a sensor's data, by data source. Each source also has a field that is named after it. */
@OpenFields()
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

/** Filter and form of statistics. `event_start_time` and `event_end_time` are the names of FlexMeasures. */
export class StatsQuery extends EventWindowQuery {
  @Field(instant(), { optional: true })
  event_start_time?: string;

  @Field(instant(), { optional: true })
  event_end_time?: string;

  @Field(flag(), { default: true })
  sort?: boolean;

  @Field(flag(), { default: false })
  fresh?: boolean;
}

/** Whether the data of a sensor is as recent as expected, for one type of source. */
export class SensorStatus {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(text())
  asset_name!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  resolution!: string;

  @Field(textOrNull)
  source_type!: string | null;

  @Field(schemaOnly({ type: 'boolean' }))
  stale!: boolean;

  @Field(schemaOnly({ type: 'string', format: 'duration', nullable: true }))
  staleness!: string | null;

  @Field(schemaOnly({ type: 'string', format: 'date-time', nullable: true }))
  staleness_since!: string | null;

  @Field(text())
  reason!: string;

  @Field(text())
  relation!: string;
}

/** The status of a sensor's data, by type of source. */
export class SensorStatusAnswer {
  @ListField(() => SensorStatus)
  sensors_data!: SensorStatus[];

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}
