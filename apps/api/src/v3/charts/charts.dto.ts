import { THEMES, type ThemeName } from '#lib/charts/model';
import { Field, ListField, OpenFields } from '../../http/schema/field';
import {
  anyObject,
  choice,
  duration,
  flag,
  instant,
  integer,
  list,
  number,
  schemaOnly,
  text,
} from '../../http/schema/kinds';

const milliseconds = integer({ format: 'int64' });

/** Filter for the times of events and of beliefs. */
export class ChartWindowQuery {
  @Field(instant(), { optional: true, also: ['start'] })
  event_starts_after?: string;

  @Field(instant(), { optional: true, also: ['end'] })
  event_ends_before?: string;

  @Field(duration(), { optional: true })
  duration?: string;

  @Field(instant(), { optional: true })
  beliefs_after?: string;

  @Field(instant(), { optional: true, also: ['prior'] })
  beliefs_before?: string;
}

/** Filter for the annotations of an asset. */
export class AssetAnnotationsQuery extends ChartWindowQuery {
  @Field(flag(), { default: true })
  clip?: boolean;
}

/** Data and appearance of a chart. */
export class ChartQuery extends ChartWindowQuery {
  @Field(flag(), { default: false })
  include_data?: boolean;

  @Field(integer({ minimum: 1 }), { optional: true })
  width?: number;

  @Field(integer({ minimum: 1 }), { default: 300 })
  height?: number;

  @Field(choice(...THEMES), { default: 'default' })
  theme?: ThemeName;
}

/** Filter for the beliefs of an asset's sensors. */
export class AssetChartDataQuery extends ChartWindowQuery {
  @Field(flag(), { default: true })
  most_recent_beliefs_only?: boolean;

  @Field(choice('rows', 'columns'), { default: 'rows' })
  format?: 'rows' | 'columns';

  @Field(integer({ minimum: 1, maximum: 10_000 }), { optional: true })
  buckets?: number;

  @Field(flag(), { default: false })
  belief_times?: boolean;
}

/** Filter for the beliefs of a sensor, with the resolution of the response. */
export class SensorChartDataQuery extends AssetChartDataQuery {
  @Field(duration(), { optional: true })
  resolution?: string;
}

/** A Vega-Lite specification; it has many more fields. */
@OpenFields()
export class ChartSpecification {
  @Field(text())
  description!: string;

  @Field(anyObject(), { optional: true })
  data?: object;

  @Field(anyObject(), { optional: true })
  datasets?: object;

  @Field(number(), { optional: true })
  height?: number;

  @Field(schemaOnly({ oneOf: [{ type: 'number' }, { type: 'string' }] }), { optional: true })
  width?: number | string;
}

export class ChartSource {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(text())
  model!: string;

  @Field(text())
  type!: string;

  @Field(text())
  description!: string;
}

export class ChartSensor {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;
}

/** One belief about one event of one of an asset's sensors. */
export class AssetChartBelief {
  @Field(milliseconds)
  event_start!: number;

  @Field(milliseconds)
  belief_horizon!: number;

  @Field(() => ChartSource)
  source!: ChartSource;

  @Field(number({ minimum: 0, maximum: 1 }))
  cumulative_probability!: number;

  @Field(schemaOnly({ type: 'number', nullable: true }))
  event_value!: number | null;

  @Field(() => ChartSensor)
  sensor!: ChartSensor;
}

/** One belief about one event of a sensor. */
export class SensorChartBelief extends AssetChartBelief {
  @Field(milliseconds)
  belief_time!: number;
}

/** A sensor of chart data in columns. */
export class ChartColumnsSensor extends ChartSensor {
  @Field(text())
  unit!: string;

  @Field(text())
  timezone!: string;

  @Field(milliseconds)
  event_resolution!: number;
}

/** Values of one source about one sensor, as columns. */
export class ChartColumnsSeries {
  @Field(integer())
  sensor!: number;

  @Field(integer())
  source!: number;

  @Field(number({ minimum: 0, maximum: 1 }))
  cumulative_probability!: number;

  @Field(schemaOnly({ type: 'integer', format: 'int64', nullable: true }))
  bucket!: number | null;

  @Field(list(milliseconds))
  event_starts!: number[];

  @Field(list(milliseconds), { optional: true })
  belief_horizons?: number[];

  @Field(list(milliseconds), { optional: true })
  belief_times?: number[];

  @Field(list(schemaOnly({ type: 'number', nullable: true })))
  event_values!: (number | null)[];

  @Field(list(number()), { optional: true })
  minima?: number[];

  @Field(list(number()), { optional: true })
  maxima?: number[];
}

/** The data of a chart, as columns. */
export class ChartColumns {
  @ListField(() => ChartColumnsSensor)
  sensors!: ChartColumnsSensor[];

  @ListField(() => ChartSource)
  sources!: ChartSource[];

  @ListField(() => ChartColumnsSeries)
  series!: ChartColumnsSeries[];
}

/** An annotation of a period. */
export class ChartAnnotation {
  @Field(milliseconds)
  start!: number;

  @Field(milliseconds)
  end!: number;

  @Field(schemaOnly({ type: 'integer', format: 'int64', nullable: true }))
  belief_time!: number | null;

  @Field(list(text()))
  content!: string[];

  @Field(() => ChartSource)
  source!: ChartSource;

  @Field(choice('alert', 'error', 'feedback', 'holiday', 'label', 'warning'))
  type!: string;
}

/** Start of the first event and end of the last event, as HTTP dates. */
export class TimeRange {
  @Field(text())
  start!: string;

  @Field(text())
  end!: string;
}

class ChartSubject {
  @Field(text())
  name!: string;

  @Field(text())
  timezone!: string;

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}

/** A sensor in a panel of charts. */
export class ChartPanelSensor {
  @Field(integer())
  id!: number;

  @Field(text())
  label!: string;

  @Field(text())
  unit!: string;

  @Field(number())
  factor!: number;

  @Field(number())
  offset!: number;

  @Field(integer())
  resolutionMs!: number;
}

/** A panel of charts. */
export class ChartPanel {
  @Field(text())
  title!: string;

  @Field(text())
  unit!: string;

  @Field(flag())
  hasZero!: boolean;

  @ListField(() => ChartPanelSensor)
  sensors!: ChartPanelSensor[];
}

/** Properties of a sensor for its charts. */
export class SensorForCharts extends ChartSubject {
  @Field(() => TimeRange)
  timerange!: TimeRange;

  @ListField(() => ChartPanel)
  panels!: ChartPanel[];
}

/** Properties of an asset for its charts. */
export class AssetForCharts extends ChartSubject {
  @Field(() => TimeRange)
  timerange_of_sensors_to_show!: TimeRange;

  @ListField(() => ChartPanel)
  panels!: ChartPanel[];
}
