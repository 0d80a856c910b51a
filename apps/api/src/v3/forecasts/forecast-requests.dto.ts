import { Field, ListField } from '../../http/schema/field';
import {
  choice,
  duration,
  flag,
  instant,
  integer,
  list,
  nullable,
  number,
  schemaOnly,
  text,
} from '../../http/schema/kinds';
import { boundaryOrNull, regressor, snaps, type GivenRegressor } from './forecast-kinds';

const MAX_REGRESSORS = 8;
const regressors = list(regressor(), { maxItems: MAX_REGRESSORS });

/** What annotations that help to forecast are attached to. */
export class AnnotationRegressorPost {
  @Field(integer({ minimum: 1 }), { optional: true })
  account?: number;

  @Field(integer({ minimum: 1 }), { optional: true })
  asset?: number;

  @Field(integer({ minimum: 1 }), { optional: true })
  sensor?: number;

  @Field(choice('alert', 'error', 'feedback', 'holiday', 'label', 'warning'), { default: 'holiday' })
  'annotation-type'?: string;

  @Field(text({ maxLength: 120 }), { optional: true })
  name?: string;
}

/** How forecasts are made. */
export class ForecastConfigPost {
  @Field(choice('CustomLGBM', 'linear-OLS', 'naive'), { default: 'CustomLGBM' })
  model?: string;

  @Field(regressors, { optional: true })
  'past-regressors'?: GivenRegressor[];

  @Field(regressors, { optional: true })
  'future-regressors'?: GivenRegressor[];

  @Field(regressors, { optional: true })
  regressors?: GivenRegressor[];

  @ListField(() => AnnotationRegressorPost, { optional: true })
  'annotation-regressors'?: AnnotationRegressorPost[];

  @Field(nullable(instant()), { optional: true })
  'train-start'?: string | null;

  @Field(nullable(duration()), { optional: true })
  'train-period'?: string | null;

  @Field(nullable(duration()), { optional: true })
  'max-training-period'?: string | null;

  @Field(nullable(duration()), { optional: true })
  'retrain-frequency'?: string | null;

  @Field(number({ minimum: 0, maximum: 1 }), { optional: true })
  'missing-threshold'?: number;

  @Field(nullable(flag()), { optional: true })
  'ensure-positive'?: boolean | null;

  @Field(boundaryOrNull(), { optional: true })
  lower?: number | string | null;

  @Field(boundaryOrNull(), { optional: true })
  upper?: number | string | null;

  @Field(snaps(), { optional: true })
  snap?: Record<string, [number | string, number | string]>;
}

/** Which events of a sensor to forecast, and how. */
export class ForecastPost {
  @Field(nullable(instant()), { optional: true })
  start?: string | null;

  @Field(nullable(instant()), { optional: true })
  end?: string | null;

  @Field(nullable(duration()), { optional: true })
  duration?: string | null;

  @Field(nullable(instant()), { optional: true })
  prior?: string | null;

  @Field(nullable(duration()), { optional: true })
  'max-forecast-horizon'?: string | null;

  @Field(nullable(duration()), { optional: true })
  'forecast-frequency'?: string | null;

  @Field(flag(), { optional: true })
  probabilistic?: boolean;

  @Field(choice('TrainPredictPipeline'), { default: 'TrainPredictPipeline' })
  model?: string;

  @Field(() => ForecastConfigPost, { optional: true })
  config?: ForecastConfigPost;
}

/** A job that was queued. */
export class ForecastReceipt {
  @Field(schemaOnly({ type: 'string', enum: ['ACCEPTED'] }))
  status!: 'ACCEPTED';

  @Field(text())
  message!: string;

  @Field(text({ format: 'uuid' }))
  job!: string;

  @Field(text({ format: 'uuid' }))
  forecast!: string;

  @Field(text())
  'job-url'!: string;

  @Field(text())
  'results-url'!: string;
}

/** Forecasts of consecutive events. */
export class RequestedForecastAnswer {
  @Field(schemaOnly({ type: 'string', enum: ['PROCESSED'] }))
  status!: 'PROCESSED';

  @Field(text())
  message!: string;

  @Field(instant())
  start!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(list(nullable(number())))
  values!: (number | null)[];

  @Field(text())
  unit!: string;
}

/** The state of a job that has not ended. */
export class ForecastInProgress {
  @Field(choice('QUEUED', 'STARTED'))
  status!: string;

  @Field(text())
  message!: string;
}
