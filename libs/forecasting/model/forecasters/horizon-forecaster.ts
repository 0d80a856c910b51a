import { DAY_MS } from '#lib/time';
import { bandsOf, CERTAIN_WIDTH, firstWidth, nextWidth, quantilesAround, type Bands } from '../fitting/bands';
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
 * How a forecast was made: by a forecaster of the host's own, else the chain of what is tried, up to `none` where too
 * little is known for any way. `known`: not made, since the event itself was known by then.
 */
export type ForecastMethod = 'custom' | 'linear-regressors' | 'linear' | 'naive' | 'none' | 'known';

/** Forecasts of consecutive steps. */
export interface Forecasts {
  /** Index of the first step that was forecast. */
  from: number;
  /** Most likely value, one per step; NaN without a forecast. */
  values: Float64Array;
  /** One array per quantile asked for; NaN where only a naive forecast was possible. */
  quantiles: Float64Array[];
  methods: ForecastMethod[];
  /** Why a model could not be fitted, each reason once. */
  failures: string[];
  /** The models that were used last, to be used again for a while. */
  fitted: FittedModel[];
}

/** A model that can be kept and used again. */
export interface FittedModel {
  model: ForecastModel;
  bands: Bands;
  /** How much wider its bands are, because of how those of models before it did. */
  width: number;
  usesRegressors: boolean;
  /** Start of the latest event that it may have learnt from, epoch ms. */
  lastKnownMs: number;
}

export interface HorizonOptions {
  /** Steps between what is known and the step that is forecast. */
  horizonSteps: number;
  /** How many steps to learn from. */
  historySteps: number;
  /** Cumulative probabilities in (0, 1), ascending. */
  quantiles: readonly number[];
  /** Models fitted before; those for this horizon that are younger than a day are used again. */
  reusable?: readonly FittedModel[];
}

/** A model with the series as it looks at it; none where none can be fitted. */
type Ready = { fitted: FittedModel; prepared: PreparedSeries } | undefined;

const FALLBACKS: NaiveMethod[] = ['same-time-yesterday', 'last-value'];
const MAX_GAP_STEPS = 6;
/** A value that was the last one for longer says nothing any more. */
const OLDEST_MS = 7 * DAY_MS;
/** How long a model is used before another one is fitted. */
const REFIT_MS = DAY_MS;
/** How far back the bands of the former model are looked at. */
const REVIEWED_MS = 2 * DAY_MS;
/** Values reviewed came sooner after the fitting than most that the model forecasts, and so are covered more often. */
const REVIEW_MARGIN = 0.03;

/** Without a forecast for any step yet. */
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
 * Forecasts steps of a series that lie some horizon ahead of what is known: by a model with regressors where there are
 * any, else by one without, else by the value at the same time of the latest known day, else by the last known value.
 */
export class HorizonForecaster {
  private readonly known: KnownValues;
  private readonly scratch = new Float64Array(256);
  private readonly blind: ForecastData;
  private lastKnown = -1;
  private seeing: Ready;
  private plain: Ready;
  private isPlainTried = false;

  constructor(
    private readonly data: ForecastData,
    private readonly calendar: Calendar,
    private readonly options: HorizonOptions,
    private readonly forecasts: Forecasts,
  ) {
    this.known = new KnownValues(data.series.values, MAX_GAP_STEPS);
    this.blind = { ...data, regressors: [] };
  }

  /** Gets models that have learnt from nothing after a step. */
  fit(lastKnown: number): void {
    this.lastKnown = lastKnown;
    this.plain = undefined;
    this.isPlainTried = false;
    this.seeing = this.data.regressors?.length ? this.ready(this.data) : undefined;
  }

  /** @param lead steps from the last known one to the target, where they are fewer than the horizon */
  write(target: number, lead = this.options.horizonSteps): void {
    if (this.writeLinear(target, this.seeing)) return;
    if (!this.isPlainTried) {
      this.plain = this.ready(this.blind);
      this.isPlainTried = true;
    }
    if (!this.writeLinear(target, this.plain)) this.writeNaive(target, lead);
  }

  private ready(data: ForecastData): Ready {
    const usesRegressors = data !== this.blind;
    const lastKnownMs = stepStartMs(data.series, this.lastKnown);
    const former = this.findFormer(usesRegressors, lastKnownMs);
    const isFresh = former !== undefined && lastKnownMs - former.lastKnownMs < REFIT_MS;
    const fitted = isFresh ? former : this.train(data, lastKnownMs, former);
    if (!fitted) return undefined;
    const { fitted: used } = this.forecasts;
    const before = used.findIndex((one) => this.isAlike(one, usesRegressors));
    used.splice(before < 0 ? used.length : before, 1, fitted);
    return { fitted, prepared: prepareFor(fitted.model, data, this.calendar) };
  }

  private train(data: ForecastData, lastKnownMs: number, former?: FittedModel): FittedModel | undefined {
    const { horizonSteps, historySteps, quantiles } = this.options;
    const usesRegressors = data !== this.blind;
    const trained = trainModel(
      data,
      { horizonSteps, historySteps, lastKnown: this.lastKnown },
      this.calendar,
    );
    if ('failure' in trained) {
      const reason = usesRegressors ? `With regressors: ${trained.failure}` : trained.failure;
      if (!this.forecasts.failures.includes(reason)) this.forecasts.failures.push(reason);
      return undefined;
    }
    const { validation, scale, linear, anchor, bounds } = trained;
    const model = { horizonSteps, scale, linear, anchor, bounds };
    const width = former ? this.widthAfter(former, data) : firstWidth(validation, quantiles);
    return { model, bands: bandsOf({ validation }, quantiles), width, usesRegressors, lastKnownMs };
  }

  /** The latest model for this horizon that has learnt from nothing after a moment. */
  private findFormer(usesRegressors: boolean, lastKnownMs: number): FittedModel | undefined {
    return [...this.forecasts.fitted, ...(this.options.reusable ?? [])]
      .filter((one) => this.isAlike(one, usesRegressors) && one.lastKnownMs <= lastKnownMs)
      .reduce<FittedModel | undefined>(
        (latest, one) => (latest && latest.lastKnownMs >= one.lastKnownMs ? latest : one),
        undefined,
      );
  }

  private readonly isAlike = ({ model, ...one }: FittedModel, usesRegressors: boolean): boolean =>
    model.horizonSteps === this.options.horizonSteps && one.usesRegressors === usesRegressors;

  /** Looks how many of the values that came since a model was fitted lay within its bands. */
  private widthAfter({ model, bands, width, lastKnownMs }: FittedModel, data: ForecastData): number {
    const { quantiles } = this.options;
    if (quantiles.length < 2) return 1;
    const { stepMs, values } = data.series;
    const prepared = prepareFor(model, data, this.calendar);
    const latest = Math.max(
      Math.round(stepAt(data.series, lastKnownMs)),
      this.lastKnown - REVIEWED_MS / stepMs,
    );
    let [inside, counted] = [0, 0];
    for (let step = Math.max(0, Math.ceil(latest) + 1); step <= this.lastKnown; step++) {
      const value = values[step]!;
      const forecast = forecastStep(model, prepared, step, this.scratch);
      const band = quantilesAround(forecast, bands, model.bounds, width);
      const [low, high] = [band[0]!, band[band.length - 1]!];
      // Values that are certain, such as the sun's at night, say nothing about the width.
      if (Number.isNaN(value) || !(high - low > CERTAIN_WIDTH * (model.bounds.highest - model.bounds.lowest)))
        continue;
      counted++;
      if (value >= low && value <= high) inside++;
    }
    const nominal = quantiles[quantiles.length - 1]! - quantiles[0]! + REVIEW_MARGIN;
    return counted > 0 ? nextWidth(width, inside / counted, nominal) : width;
  }

  private writeLinear(target: number, ready: Ready): boolean {
    if (!ready) return false;
    const { model, bands, width, usesRegressors } = ready.fitted;
    const value = forecastStep(model, ready.prepared, target, this.scratch);
    if (!Number.isFinite(value)) return false;
    const at = target - this.forecasts.from;
    this.forecasts.values[at] = value;
    this.forecasts.methods[at] = usesRegressors ? 'linear-regressors' : 'linear';
    quantilesAround(value, bands, model.bounds, width).forEach((quantile, q) => {
      this.forecasts.quantiles[q]![at] = quantile;
    });
    return true;
  }

  private writeNaive(target: number, lead: number): void {
    const last = target - lead;
    const ageMs = (last - this.known.lastKnown(last)) * this.data.series.stepMs;
    if (ageMs > OLDEST_MS) return;
    const inputs = { known: this.known, stepMs: this.data.series.stepMs, calendar: this.calendar };
    for (const method of FALLBACKS) {
      const value = naiveForecast(method, inputs, target, lead);
      if (Number.isNaN(value)) continue;
      this.forecasts.values[target - this.forecasts.from] = value;
      this.forecasts.methods[target - this.forecasts.from] = 'naive';
      return;
    }
  }
}
