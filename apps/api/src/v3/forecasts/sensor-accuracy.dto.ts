import { Field, ListField } from '../../http/schema/field';
import { choice, instant, integer, nullable, number, schemaOnly, text } from '../../http/schema/kinds';
import { horizon } from '../sensor-data/sensor-data.dto';
import { EventWindowQuery } from '../sensors/sensor-stats.dto';
import { DataSource } from '../sources/sources.dto';

/** Selects the forecasts to compare with measurements. */
export class AccuracyQuery extends EventWindowQuery {
  @Field(horizon, { optional: true })
  horizon?: string;

  @Field(integer({ minimum: 1 }), { optional: true })
  source?: number;
}

const metric = nullable(number());

/** Error metrics of forecasts against measurements; null if a metric is undefined. */
export class Accuracy {
  @Field(integer())
  count!: number;

  @Field(metric)
  mae!: number | null;

  @Field(metric)
  rmse!: number | null;

  @Field(metric)
  wape!: number | null;

  @Field(metric)
  accuracy!: number | null;
}

/** Error metrics of a naive forecast for the same events. */
export class BaselineAccuracy extends Accuracy {
  @Field(choice('last-value', 'same-time-yesterday', 'same-time-last-week'))
  method!: string;
}

/** Accuracy of the forecasts of one source with one belief horizon. */
export class ForecastAccuracy extends Accuracy {
  @Field(() => DataSource)
  source!: DataSource;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  horizon!: string;

  @Field(metric)
  coverage!: number | null;

  @ListField(() => BaselineAccuracy)
  baselines!: BaselineAccuracy[];
}

/** Accuracy of the forecasts of a sensor, by belief horizon and source. */
export class SensorAccuracy {
  @Field(integer())
  sensor!: number;

  @Field(text())
  unit!: string;

  @Field(instant())
  event_starts_after!: string;

  @Field(instant())
  event_ends_before!: string;

  @ListField(() => ForecastAccuracy)
  forecasts!: ForecastAccuracy[];

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}
