import { Inject, Injectable } from '@nestjs/common';
import type { Calculator } from '#lib/compute';
import { DomainError } from '#lib/errors';
import type { ExtensionIdentity } from '#lib/extensions';
import { SensorsService, type Sensor } from '#lib/sensors';
import { DAY_MS, formatDuration, HOUR_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { ForecastInputs } from '../inputs/forecast-inputs';
import { RegressorsService } from '../inputs/regressors.service';
import {
  ladderOf,
  stepAt,
  stepStartMs,
  type Forecasts,
  type FittedModel,
  type RegularSeries,
} from '../model';
import { CALCULATOR, FORECASTS } from './calculations';
import { customForecasterOf, CustomForecasters } from './custom-forecasters';
import { ForecastStore } from './forecast-store';
import { ModelCache, type ModelKey } from './model-cache';

/** Which events of which sensor are to be forecast, and from what. */
interface EventsToForecast {
  sensorId: number;
  /** Events to forecast: those that start from `fromMs` on and before `untilMs`; epoch milliseconds. */
  fromMs: number;
  untilMs: number;
  /** Sensors whose forecasts help; if not given, those that the sensor's attributes name. */
  regressorIds?: readonly number[];
  /** Whether models are to be fitted anew, as what they learnt from may have been corrected. */
  refit?: boolean;
}

/** Which forecasts are wanted, each made so long before the end of its event. */
export interface ForecastRequest extends EventsToForecast {
  horizonMs: number;
}

/** Which forecasts are wanted, all made from what was known at one moment; epoch milliseconds. */
export interface FixedForecastRequest extends EventsToForecast {
  viewpointMs: number;
}

/** What became of a request. */
export interface ForecastReport {
  sensor: Sensor;
  /** How long before the end of its event each forecast was made, or the moment at which all of them were. */
  made: { horizonMs: number } | { viewpointMs: number };
  /** How many events were forecast by a model, how many of these with regressors, and how many by a naive method. */
  linear: number;
  withRegressors: number;
  naive: number;
  /** How many events were forecast by a forecaster of the host's own. */
  custom: number;
  /** How many could not be forecast. */
  missing: number;
  /** How many needed no forecast, as they were known by then: prices are published ahead. */
  known: number;
  /** Rows of beliefs that are new. */
  saved: number;
  /** Sentences on why no model, or nothing, was possible. */
  failures: string[];
}

/** Forecasts that are not stored yet. */
export interface ComputedForecasts extends Pick<ForecastReport, 'sensor' | 'made'> {
  series: RegularSeries;
  forecasts: Forecasts;
  /** Who made forecasts of method `custom`. */
  forecaster?: ExtensionIdentity;
}

/** Days to learn from. */
const HISTORY_MS = 90 * DAY_MS;
const QUANTILES = [0.1, 0.5, 0.9];
/** How far from the latest known value forecasts from one moment may lie. */
export const MAX_LEAD_MS = 31 * DAY_MS;

/** Forecasts sensors from what was measured, and stores the forecasts as beliefs. */
@Injectable()
export class ForecastingService {
  constructor(
    private readonly sensors: SensorsService,
    private readonly inputs: ForecastInputs,
    private readonly regressors: RegressorsService,
    private readonly models: ModelCache,
    private readonly customForecasters: CustomForecasters,
    private readonly forecastStore: ForecastStore,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
  ) {}

  /** The horizons that a sensor is forecast for unless others are asked for: those that its resolution divides. */
  defaultHorizons(sensor: Pick<Sensor, 'unit' | 'eventResolutionMs'>): number[] {
    const hours = isPriceUnit(sensor.unit) ? [24, 48] : [1, 6, 24, 48];
    return hours.map((count) => count * HOUR_MS).filter((horizonMs) => isWhole(horizonMs, sensor));
  }

  /** Computes forecasts and stores them. @throws as `compute` */
  async createForecasts(
    request: ForecastRequest | FixedForecastRequest,
    nowMs: number,
  ): Promise<ForecastReport> {
    return this.store(await this.compute(request, nowMs));
  }

  /**
   * Forecasts events, with a rolling viewpoint (each as it could be known `horizonMs` before its end) or a fixed one
   * (all as they could be known at `viewpointMs`), by models that are fitted anew every day. What cannot be forecast is
   * left out and reported.
   * @param nowMs only what was known by this moment counts, and forecasts that would have to be made later are left out
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED for regressors that the account of the asset may not read,
   *   INVALID_RESOLUTION, INVALID_HORIZON, INVALID_WINDOW; for sensors with a custom forecaster also as
   *   CustomForecasters.compute
   */
  async compute(request: ForecastRequest | FixedForecastRequest, nowMs: number): Promise<ComputedForecasts> {
    const sensor = await this.check(request, nowMs);
    const regressors = await this.regressors.of(sensor, request.regressorIds);
    return 'horizonMs' in request
      ? this.computeRolling(sensor, regressors, request, nowMs)
      : this.computeFixed(sensor, regressors, request, nowMs);
  }

  /**
   * Looks whether forecasts can be made as asked for.
   * @returns the sensor
   * @throws as `compute`
   */
  async check(request: ForecastRequest | FixedForecastRequest, nowMs: number): Promise<Sensor> {
    const sensor = await this.sensors.get(request.sensorId);
    if (sensor.eventResolutionMs <= 0) {
      const message = `Sensor ${sensor.id} is instantaneous: it has no steps to forecast.`;
      throw new DomainError('INVALID_RESOLUTION', message, 'sensor');
    }
    if ('horizonMs' in request) checkHorizon(sensor, request, nowMs);
    else checkViewpoint(request, nowMs);
    if (request.regressorIds) await this.regressors.of(sensor, request.regressorIds);
    return sensor;
  }

  /** Stores forecasts as beliefs, all or none. */
  async store({ sensor, made, series, forecasts, forecaster }: ComputedForecasts): Promise<ForecastReport> {
    const { saved } = await this.forecastStore.save(sensor, series, forecasts, made, QUANTILES, forecaster);
    const count = (method: string) => forecasts.methods.filter((used) => used === method).length;
    const withRegressors = count('linear-regressors');
    return {
      sensor,
      made,
      linear: count('linear') + withRegressors,
      withRegressors,
      naive: count('naive'),
      custom: count('custom'),
      missing: count('none'),
      known: count('known'),
      saved,
      failures: forecasts.failures,
    };
  }

  private async computeRolling(
    sensor: Sensor,
    regressors: Sensor[],
    { fromMs, horizonMs, ...request }: ForecastRequest,
    nowMs: number,
  ): Promise<ComputedForecasts> {
    const stepMs = sensor.eventResolutionMs;
    const horizonSteps = horizonMs / stepMs;
    const untilMs = Math.min(request.untilMs, nowMs + horizonMs - stepMs + 1);
    const isCustom = customForecasterOf(sensor) !== undefined;
    const key = keyOf(sensor, regressors);
    const { version } = this.models;
    if (request.refit) this.models.forget(key, horizonSteps);
    const reusable = this.models.get(key).filter(({ model }) => model.horizonSteps === horizonSteps);
    const latestMs = untilMs - horizonMs;
    const needsNone =
      !isCustom &&
      isEnough(reusable, { fromMs: fromMs - horizonMs, latestMs, stepMs }, regressors.length > 0);
    const historyMs = needsNone ? 0 : HISTORY_MS;
    const knownAtMs = Number.isFinite(nowMs) ? nowMs : undefined;
    const data = await this.inputs.read(sensor, {
      fromMs: fromMs - horizonMs - historyMs,
      ...{ untilMs, knownAtMs },
    });
    const { series } = data;
    const { from, until } = stepsOf(series, fromMs, untilMs);
    const known = await this.inputs.knownAhead(sensor, series, { from, until, leadMs: horizonMs, knownAtMs });
    if (isCustom) {
      const custom = await this.customForecasters.compute({
        ...{ sensor, series, from, until, quantiles: QUANTILES },
        madeAtMs: (step) => stepStartMs(series, step) + stepMs - horizonMs,
        lastKnownAt: (momentMs) => Math.floor(stepAt(series, momentMs)) - 1,
      });
      leaveOut(known, custom.forecasts);
      return { sensor, made: { horizonMs }, series, ...custom };
    }
    const withRegressors = {
      ...data,
      regressors: await this.inputs.readRegressors(regressors, series, {
        ...{ untilMs, leadMs: horizonMs },
        knownAtMs,
      }),
    };
    const forecasts = await this.calculator.run(FORECASTS, {
      data: withRegressors,
      rolling: {
        ...{ horizonSteps, from, until, reusable },
        ...{ historySteps: Math.round(HISTORY_MS / stepMs), quantiles: QUANTILES },
      },
    });
    this.models.keep(key, forecasts.fitted, version);
    leaveOut(known, forecasts);
    return { sensor, made: { horizonMs }, series, forecasts };
  }

  private async computeFixed(
    sensor: Sensor,
    regressors: Sensor[],
    { viewpointMs, fromMs, untilMs, refit = false }: FixedForecastRequest,
    nowMs: number,
  ): Promise<ComputedForecasts> {
    const stepMs = sensor.eventResolutionMs;
    const { version } = this.models;
    const learntFromMs = Math.min(fromMs, viewpointMs) - HISTORY_MS;
    const data = await this.inputs.read(sensor, { fromMs: learntFromMs, untilMs, knownAtMs: viewpointMs });
    const { series } = data;
    const lastKnown = series.values.findLastIndex((value) => !Number.isNaN(value));
    const wanted = stepsOf(series, fromMs, untilMs);
    const from = Math.max(wanted.from, lastKnown + 1);
    const until = Math.max(from, wanted.until);
    if (customForecasterOf(sensor) !== undefined) {
      const custom = await this.customForecasters.compute({
        ...{ sensor, series, from, until, quantiles: QUANTILES },
        madeAtMs: () => viewpointMs,
        lastKnownAt: () => lastKnown,
      });
      return { sensor, made: { viewpointMs }, series, ...custom };
    }
    const key = keyOf(sensor, regressors);
    // Models of today may have learnt from what was corrected after a former moment.
    const isRecent = nowMs - viewpointMs < DAY_MS;
    const leads = Math.min(until - 1 - lastKnown, Math.floor(MAX_LEAD_MS / stepMs));
    const rungs = [];
    for (const horizonSteps of lastKnown < 0 || from >= until ? [] : ladderOf(leads, stepMs)) {
      const leadMs = horizonSteps * stepMs;
      rungs.push({
        horizonSteps,
        regressors: await this.inputs.readRegressors(regressors, series, {
          ...{ untilMs, leadMs },
          knownAtMs: viewpointMs,
        }),
      });
    }
    const forecasts = await this.calculator.run(FORECASTS, {
      data,
      fixed: {
        ...{ lastKnown, from, until, rungs, reusable: isRecent && !refit ? this.models.get(key) : [] },
        ...{ historySteps: Math.round(HISTORY_MS / stepMs), quantiles: QUANTILES },
      },
    });
    if (lastKnown < 0) forecasts.failures.push('No value is known.');
    this.models.keep(key, forecasts.fitted, version);
    return { sensor, made: { viewpointMs }, series, forecasts };
  }
}

const isWhole = (horizonMs: number, { eventResolutionMs }: Pick<Sensor, 'eventResolutionMs'>): boolean =>
  eventResolutionMs > 0 && horizonMs % eventResolutionMs === 0;

/** What models are about. */
const keyOf = ({ id, eventResolutionMs, timezone }: Sensor, regressors: readonly Sensor[]): ModelKey => ({
  ...{ sensorId: id, eventResolutionMs, timezone },
  regressorIds: regressors.map((regressor) => regressor.id),
});

/** Indices of the steps of a window. */
function stepsOf(series: RegularSeries, fromMs: number, untilMs: number) {
  const from = Math.max(0, Math.ceil(stepAt(series, fromMs)));
  return { from, until: Math.max(from, Math.min(series.values.length, Math.ceil(stepAt(series, untilMs)))) };
}

/** Takes out the forecasts of steps that were known by then: what is published is not to be outdone by a forecast. */
function leaveOut(steps: readonly number[], { from, values, quantiles, methods }: Forecasts): void {
  for (const step of steps) {
    methods[step - from] = 'known';
    for (const numbers of [values, ...quantiles]) numbers[step - from] = NaN;
  }
}

/** Whether there are models of the same day for all that is to be forecast, so that nothing is to be learnt. */
function isEnough(
  models: readonly FittedModel[],
  { fromMs, latestMs, stepMs }: { fromMs: number; latestMs: number; stepMs: number },
  hasRegressors: boolean,
): boolean {
  const fresh = models.filter(
    ({ lastKnownMs }) => lastKnownMs <= fromMs - stepMs && latestMs + stepMs - lastKnownMs < DAY_MS,
  );
  const has = (usesRegressors: boolean) => fresh.some((model) => model.usesRegressors === usesRegressors);
  return has(false) && (!hasRegressors || has(true));
}

function checkHorizon(sensor: Sensor, { horizonMs, fromMs }: ForecastRequest, nowMs: number): void {
  const resolution = formatDuration(sensor.eventResolutionMs);
  if (horizonMs <= 0 || !isWhole(horizonMs, sensor)) {
    const message = `horizon: a multiple of the resolution of sensor ${sensor.id} (${resolution}) is needed.`;
    throw new DomainError('INVALID_HORIZON', message, 'horizon');
  }
  if (fromMs + sensor.eventResolutionMs > nowMs + horizonMs) {
    const message =
      `horizon: by ${formatDuration(horizonMs)} ahead, events of sensor ${sensor.id} (${resolution}) can be forecast ` +
      'up to so long from now; those asked for come later.';
    throw new DomainError('INVALID_WINDOW', message, 'horizon');
  }
}

function checkViewpoint(
  { viewpointMs, untilMs }: { viewpointMs: number; untilMs: number },
  nowMs: number,
): void {
  if (viewpointMs > nowMs) {
    throw new DomainError(
      'INVALID_WINDOW',
      'viewpoint: a moment in the future is not known yet.',
      'viewpoint',
    );
  }
  if (untilMs - viewpointMs > MAX_LEAD_MS) {
    const message = 'viewpoint: forecasts reach 31 days into the future of their moment at most.';
    throw new DomainError('INVALID_WINDOW', message, 'viewpoint');
  }
}
