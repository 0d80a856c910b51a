import { Field, ListField } from '../../http/schema/field';
import { choice, instant, integer, nullable, number, shown, text } from '../../http/schema/kinds';
import { horizon } from '../sensor-data/sensor-data.dto';
import { DataSource, EventWindowQuery } from '../sensors/sensor-stats.dto';

/** Which forecasts are to be compared with what came. */
export class AccuracyQuery extends EventWindowQuery {
  @Field(horizon, { optional: true })
  horizon?: string;

  @Field(integer({ minimum: 1 }), { optional: true })
  source?: number;
}

const figure = nullable(number());

/** How far forecasts were from what came; null where nothing can be said. */
export class Accuracy {
  @Field(integer())
  count!: number;

  @Field(figure)
  mae!: number | null;

  @Field(figure)
  rmse!: number | null;

  @Field(figure)
  wape!: number | null;

  @Field(figure)
  accuracy!: number | null;
}

/** How far one would have been without a model, on the same events. */
export class BaselineAccuracy extends Accuracy {
  @Field(choice('last-value', 'same-time-yesterday', 'same-time-last-week'))
  method!: string;
}

/** How well a source forecast so long before the end of events. */
export class ForecastAccuracy extends Accuracy {
  @Field(() => DataSource)
  source!: DataSource;

  @Field(shown({ type: 'string', format: 'duration' }))
  horizon!: string;

  @Field(figure)
  coverage!: number | null;

  @ListField(() => BaselineAccuracy)
  baselines!: BaselineAccuracy[];
}

/** How well a sensor was forecast, by horizon and source. */
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

  @Field(shown({ type: 'integer', enum: [200] }))
  status!: 200;
}
