import { DAY_MS } from '#lib/time';
import {
  fitPredictionIntervals,
  NEGLIGIBLE_WIDTH,
  initialWidthFactor,
  adaptWidthFactor,
  quantilesAround,
  type PredictionIntervals,
} from '../fitting/prediction-intervals';
import { maxFeatures } from '../fitting/features';
import { naiveForecast, type NaiveMethod } from '../fitting/naive';
import {
  forecastStep,
  prepareFor,
  trainModel,
  type ForecastModel,
  type PreparedSeries,
} from '../fitting/training';
import type { Calendar } from '../series/calendar';
import { KnownValues } from '../series/known-values';
import { stepAt, stepStartMs, type ForecastData } from '../series/series';

/**
 * How a forecast was made: by a custom forecaster, by a linear model with or without regressors, or by a naive method.
 * `none`: too little is known. `known`: no forecast is needed, because the value was already published.
 */
export type ForecastMethod = 'custom' | 'linear-regressors' | 'linear' | 'naive' | 'none' | 'known';

/** Forecasts of consecutive steps. */
export interface Forecasts {
  /** Index of the first step. */
  from: number;
  /** Expected value in the unit of the sensor, one per step; NaN without a forecast. */
  values: Float64Array;
  /** One array per quantile, in the unit of the sensor; NaN without a forecast of a linear model. */
  quantiles: Float64Array[];
  methods: ForecastMethod[];
  /** Reasons why a model could not be fitted, without duplicates. */
  failures: string[];
  /** The models that were used last, for reuse. */
  fitted: FittedModel[];
}

/** A model for reuse, with its prediction intervals. */
export interface FittedModel {
  model: ForecastModel;
  intervals: PredictionIntervals;
  /** Factor on the width of the prediction intervals. */
  widthFactor: number;
  usesRegressors: boolean;
  /** Start of the last event of the training data, epoch ms. */
  trainedUntilMs: number;
}

export interface HorizonOptions {
  /** Steps from the last known step to the step to forecast. */
  horizonSteps: number;
  /** Maximum number of steps of training data. */
  historySteps: number;
  /** Cumulative probabilities in (0, 1), ascending. */
  quantiles: readonly number[];
  /** Models that were fitted before. Those for this horizon that are younger than `refitMs` are reused. */
  reusable?: readonly FittedModel[];
  /** Time after which a new model is fitted; a day if not given. */
  refitMs?: number;
  /** Whether to use the naive methods only, without any model; false if not given. */
  isNaive?: boolean;
}

/** A model with the prepared series; undefined if no model can be fitted. */
type PreparedModel = { fitted: FittedModel; prepared: PreparedSeries } | undefined;

const FALLBACKS: NaiveMethod[] = ['same-time-yesterday', 'last-value'];
const MAX_GAP_STEPS = 6;
/** Maximum age of the last known value for a naive forecast. */
const MAX_NAIVE_AGE_MS = 7 * DAY_MS;
/** Time after which a new model is fitted, by default. */
const REFIT_MS = DAY_MS;
/** Period in which the coverage of the previous model is measured. */
const REVIEW_PERIOD_MS = 2 * DAY_MS;
/** Added to the nominal coverage: values soon after the fitting are covered more often than later ones. */
const REVIEW_MARGIN = 0.03;

/** An empty result: no forecast for any step yet. */
export function noForecasts(from: number, until: number, quantiles: readonly number[]): Forecasts {
  const count = Math.max(0, until - from);
  return {
    from,
    values: new Float64Array(count).fill(NaN),
    quantiles: quantiles.map(() => new Float64Array(count).fill(NaN)),
    methods: new Array<ForecastMethod>(count).fill('none'),
    failures: [],
    fitted: [],
  };
}

/**
 * Forecasts steps at a horizon. It tries, in this order: a model with regressors, a model without regressors, the value at
 * the same time of the latest known day, the last known value.
 */
export class HorizonForecaster {
  private readonly known: KnownValues;
  /** Space for the features of a step. */
  private readonly scratch: Float64Array;
  private readonly dataWithoutRegressors: ForecastData;
  /** The last step of the training data. */
  private trainedUntil = -1;
  private modelWithRegressors: PreparedModel;
  private modelWithoutRegressors: PreparedModel;
  private hasTriedWithoutRegressors = false;

  constructor(
    private readonly data: ForecastData,
    private readonly calendar: Calendar,
    private readonly options: HorizonOptions,
    private readonly forecasts: Forecasts,
  ) {
    this.known = new KnownValues(data.series.values, MAX_GAP_STEPS);
    this.dataWithoutRegressors = { ...data, regressors: [] };
    this.scratch = new Float64Array(maxFeatures(data.regressors?.length ?? 0));
  }

  /**
   * Starts to use training data up to a step: fits the model with regressors. `write` fits the one without, when it needs
   * it.
   */
  fit(trainedUntil: number): void {
    this.trainedUntil = trainedUntil;
    this.modelWithoutRegressors = undefined;
    this.hasTriedWithoutRegressors = false;
    this.modelWithRegressors = this.data.regressors?.length ? this.prepareModel(this.data) : undefined;
  }

  /**
   * Writes the forecast of a step into the forecasts that the constructor was given.
   * @param stepsSinceKnown steps from the last known step to the target, if fewer than the horizon; only the naive methods
   *   use it
   */
  write(target: number, stepsSinceKnown = this.options.horizonSteps): void {
    if (this.writeLinear(target, this.modelWithRegressors)) return;
    if (!this.hasTriedWithoutRegressors) {
      this.modelWithoutRegressors = this.prepareModel(this.dataWithoutRegressors);
      this.hasTriedWithoutRegressors = true;
    }
    if (!this.writeLinear(target, this.modelWithoutRegressors)) this.writeNaive(target, stepsSinceKnown);
  }

  private prepareModel(data: ForecastData): PreparedModel {
    const { isNaive = false, refitMs = REFIT_MS } = this.options;
    if (isNaive) return undefined;
    const usesRegressors = data !== this.dataWithoutRegressors;
    const trainedUntilMs = stepStartMs(data.series, this.trainedUntil);
    const previous = this.findReusable(usesRegressors, trainedUntilMs);
    const isFresh = previous !== undefined && trainedUntilMs - previous.trainedUntilMs < refitMs;
    const fitted = isFresh ? previous : this.train(data, trainedUntilMs, previous);
    if (!fitted) return undefined;
    const { fitted: used } = this.forecasts;
    const before = used.findIndex((one) => this.hasSameInputs(one, usesRegressors));
    used.splice(before < 0 ? used.length : before, 1, fitted);
    return { fitted, prepared: prepareFor(fitted.model, data, this.calendar) };
  }

  private train(data: ForecastData, trainedUntilMs: number, previous?: FittedModel): FittedModel | undefined {
    const { horizonSteps, historySteps, quantiles } = this.options;
    const usesRegressors = data !== this.dataWithoutRegressors;
    const trained = trainModel(
      data,
      { horizonSteps, historySteps, lastKnownStep: this.trainedUntil },
      this.calendar,
    );
    if ('failure' in trained) {
      const reason = usesRegressors ? `With regressors: ${trained.failure}` : trained.failure;
      if (!this.forecasts.failures.includes(reason)) this.forecasts.failures.push(reason);
      return undefined;
    }
    const { validation, scale, linear, naiveBlend, bounds } = trained;
    const model = { horizonSteps, scale, linear, naiveBlend, bounds };
    const width = previous ? this.adaptWidth(previous, data) : initialWidthFactor(validation, quantiles);
    return {
      model,
      intervals: fitPredictionIntervals({ validation }, quantiles),
      widthFactor: width,
      usesRegressors,
      trainedUntilMs,
    };
  }

  /** The latest model for this horizon whose training data ends at or before a time. */
  private findReusable(usesRegressors: boolean, trainedUntilMs: number): FittedModel | undefined {
    return [...this.forecasts.fitted, ...(this.options.reusable ?? [])]
      .filter((one) => this.hasSameInputs(one, usesRegressors) && one.trainedUntilMs <= trainedUntilMs)
      .reduce<FittedModel | undefined>(
        (latest, one) => (latest && latest.trainedUntilMs >= one.trainedUntilMs ? latest : one),
        undefined,
      );
  }

  private readonly hasSameInputs = ({ model, ...one }: FittedModel, usesRegressors: boolean): boolean =>
    model.horizonSteps === this.options.horizonSteps && one.usesRegressors === usesRegressors;

  /** Adapts the width factor to the coverage of the values since a model was fitted. */
  private adaptWidth(
    { model, intervals, widthFactor, trainedUntilMs }: FittedModel,
    data: ForecastData,
  ): number {
    const { quantiles } = this.options;
    if (quantiles.length < 2) return 1;
    const { stepMs, values } = data.series;
    const prepared = prepareFor(model, data, this.calendar);
    const reviewedUntil = Math.max(
      Math.round(stepAt(data.series, trainedUntilMs)),
      this.trainedUntil - REVIEW_PERIOD_MS / stepMs,
    );
    let [inside, counted] = [0, 0];
    for (let step = Math.max(0, Math.ceil(reviewedUntil) + 1); step <= this.trainedUntil; step++) {
      const value = values[step]!;
      const forecast = forecastStep(model, prepared, step, this.scratch);
      const interval = quantilesAround(forecast, intervals, model.bounds, widthFactor);
      const [low, high] = [interval[0]!, interval[interval.length - 1]!];
      // Certain values, such as solar power at night, do not count.
      if (
        Number.isNaN(value) ||
        !(high - low > NEGLIGIBLE_WIDTH * (model.bounds.highest - model.bounds.lowest))
      )
        continue;
      counted++;
      if (value >= low && value <= high) inside++;
    }
    const nominal = quantiles[quantiles.length - 1]! - quantiles[0]! + REVIEW_MARGIN;
    return counted > 0 ? adaptWidthFactor(widthFactor, inside / counted, nominal) : widthFactor;
  }

  private writeLinear(target: number, ready: PreparedModel): boolean {
    if (!ready) return false;
    const { model, intervals, widthFactor, usesRegressors } = ready.fitted;
    const value = forecastStep(model, ready.prepared, target, this.scratch);
    if (!Number.isFinite(value)) return false;
    const at = target - this.forecasts.from;
    this.forecasts.values[at] = value;
    this.forecasts.methods[at] = usesRegressors ? 'linear-regressors' : 'linear';
    quantilesAround(value, intervals, model.bounds, widthFactor).forEach((quantile, q) => {
      this.forecasts.quantiles[q]![at] = quantile;
    });
    return true;
  }

  private writeNaive(target: number, stepsSinceKnown: number): void {
    const last = target - stepsSinceKnown;
    const ageMs = (last - this.known.findLastKnown(last)) * this.data.series.stepMs;
    if (ageMs > MAX_NAIVE_AGE_MS) return;
    const inputs = { known: this.known, stepMs: this.data.series.stepMs, calendar: this.calendar };
    for (const method of FALLBACKS) {
      const value = naiveForecast(method, inputs, target, stepsSinceKnown);
      if (Number.isNaN(value)) continue;
      this.forecasts.values[target - this.forecasts.from] = value;
      this.forecasts.methods[target - this.forecasts.from] = 'naive';
      return;
    }
  }
}
