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
  selectHorizons,
  stepAt,
  stepStartMs,
  type Forecasts,
  type FittedModel,
  type RegularSeries,
} from '../model';
import { CALCULATOR, FORECAST_CALCULATION } from './calculations';
import { findCustomForecaster, CustomForecasters } from './custom-forecasters';
import { ForecastStore } from './forecast-store';
import { ModelCache, type ModelKey } from './model-cache';

/** The events of a sensor to forecast, and the inputs. */
interface EventsToForecast {
  sensorId: number;
  /** Events to forecast: those that start from `fromMs` on and before `untilMs`; epoch milliseconds. */
  fromMs: number;
  untilMs: number;
  /** Ids of regressors; by default those in the attribute `weather_correlations`. */
  regressorIds?: readonly number[];
  /** Whether to fit new models, because the training data may have been corrected. */
  refit?: boolean;
}

/** Rolling forecasts: each is made the same horizon before the end of its event. */
export interface ForecastRequest extends EventsToForecast {
  horizonMs: number;
}

/** Fixed forecasts: all are made at one viewpoint (epoch milliseconds). */
export interface FixedForecastRequest extends EventsToForecast {
  viewpointMs: number;
}

/** What became of the events to forecast. */
export interface ForecastCounts {
  /** Number of events that were forecast by a linear model. */
  linear: number;
  /** Number of those for which the linear model used regressors. */
  withRegressors: number;
  /** Number of events that were forecast by a naive method. */
  naive: number;
  /** Number of events that were forecast by a custom forecaster. */
  custom: number;
  /** Number of events that could not be forecast. */
  missing: number;
  /** Number of events that needed no forecast, because their values were published before (prices). */
  known: number;
  /** Reasons why a model or forecasts were not possible, as sentences. */
  failures: string[];
}

/** Result of a forecast request. */
export interface ForecastReport extends ForecastCounts {
  sensor: Sensor;
  /** The horizon of rolling forecasts, or the viewpoint of fixed forecasts. */
  made: { horizonMs: number } | { viewpointMs: number };
  /** Number of new belief rows. */
  saved: number;
}

/** Computed forecasts, not stored yet. */
export interface ComputedForecasts extends Pick<ForecastReport, 'sensor' | 'made'> {
  series: RegularSeries;
  forecasts: Forecasts;
  /** The custom forecaster, for forecasts of method `custom`. */
  forecaster?: ExtensionIdentity;
}

/** Length of the training data. */
const HISTORY_MS = 90 * DAY_MS;
const QUANTILES = [0.1, 0.5, 0.9];
/** Maximum distance of fixed forecasts from the viewpoint. */
export const MAX_LEAD_MS = 31 * DAY_MS;

/** Forecasts the values of sensors and stores the forecasts as beliefs. */
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

  /** The default horizons of a sensor: those that are multiples of its resolution. */
  defaultHorizons(sensor: Pick<Sensor, 'unit' | 'eventResolutionMs'>): number[] {
    const hours = isPriceUnit(sensor.unit) ? [24, 48] : [1, 6, 24, 48];
    return hours
      .map((count) => count * HOUR_MS)
      .filter((horizonMs) => isMultipleOfResolution(horizonMs, sensor));
  }

  /** Computes forecasts and stores them. @throws as `compute` */
  async createForecasts(
    request: ForecastRequest | FixedForecastRequest,
    nowMs: number,
  ): Promise<ForecastReport> {
    return this.store(await this.compute(request, nowMs));
  }

  /**
   * Computes forecasts with models that are fitted every day. Rolling forecasts use the values that were known `horizonMs`
   * before the end of each event, fixed forecasts those that were known at `viewpointMs`. Events that cannot be forecast
   * are counted in the report.
   * @param nowMs only beliefs up to this time are used, and forecasts with a later belief time are omitted
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED for regressors that the account of the asset cannot read,
   *   INVALID_RESOLUTION, INVALID_HORIZON, INVALID_WINDOW; for sensors with a custom forecaster also as
   *   CustomForecasters.compute
   */
  async compute(
    request: ForecastRequest | FixedForecastRequest,
    nowMs: number,
    onValidated?: (sensor: Sensor) => void,
  ): Promise<ComputedForecasts> {
    const sensor = await this.validate(request, nowMs);
    onValidated?.(sensor);
    const regressors = await this.regressors.findRegressors(sensor, request.regressorIds);
    return 'horizonMs' in request
      ? this.computeRolling(sensor, regressors, request, nowMs)
      : this.computeFixed(sensor, regressors, request, nowMs);
  }

  /**
   * Validates a request.
   * @returns the sensor
   * @throws as `compute`
   */
  async validate(request: ForecastRequest | FixedForecastRequest, nowMs: number): Promise<Sensor> {
    const sensor = await this.sensors.get(request.sensorId);
    if (sensor.eventResolutionMs <= 0) {
      const message = `Sensor ${sensor.id} is instantaneous: it has no steps to forecast.`;
      throw new DomainError('INVALID_RESOLUTION', message, 'sensor');
    }
    if ('horizonMs' in request) checkHorizon(sensor, request, nowMs);
    else checkViewpoint(request, nowMs);
    if (request.regressorIds) await this.regressors.findRegressors(sensor, request.regressorIds);
    this.customForecasters.check(sensor);
    return sensor;
  }

  /** Stores forecasts as beliefs, all or nothing. */
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
    const isCustom = findCustomForecaster(sensor) !== undefined;
    const key = toModelKey(sensor, regressors);
    const { version } = this.models;
    if (request.refit) this.models.remove(key, horizonSteps);
    const reusable = this.models.get(key).filter(({ model }) => model.horizonSteps === horizonSteps);
    const latestMs = untilMs - horizonMs;
    const needsNoTraining =
      !isCustom &&
      hasFreshModels(reusable, { fromMs: fromMs - horizonMs, latestMs, stepMs }, regressors.length > 0);
    const historyMs = needsNoTraining ? 0 : HISTORY_MS;
    const knownAtMs = Number.isFinite(nowMs) ? nowMs : undefined;
    const data = await this.inputs.read(sensor, {
      fromMs: fromMs - horizonMs - historyMs,
      ...{ untilMs, knownAtMs },
    });
    const { series } = data;
    const { from, until } = findSteps(series, fromMs, untilMs);
    const known = await this.inputs.findPublishedSteps(sensor, series, {
      from,
      until,
      leadMs: horizonMs,
      knownAtMs,
    });
    if (isCustom) {
      const custom = await this.customForecasters.compute({
        ...{ sensor, series, from, until, quantiles: QUANTILES },
        madeAtMs: (step) => stepStartMs(series, step) + stepMs - horizonMs,
        lastKnownAt: (momentMs) => Math.floor(stepAt(series, momentMs)) - 1,
      });
      maskKnownSteps(known, custom.forecasts);
      return { sensor, made: { horizonMs }, series, ...custom };
    }
    const withRegressors = {
      ...data,
      regressors: await this.inputs.readRegressors(regressors, series, {
        ...{ untilMs, leadMs: horizonMs, knownAtMs },
        trainingSteps: needsNoTraining ? 0 : from,
      }),
    };
    const forecasts = await this.calculator.run(FORECAST_CALCULATION, {
      data: withRegressors,
      rolling: {
        ...{ horizonSteps, from, until, reusable },
        ...{ historySteps: Math.round(HISTORY_MS / stepMs), quantiles: QUANTILES },
      },
    });
    this.models.add(key, forecasts.fitted, version);
    maskKnownSteps(known, forecasts);
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
    const trainingStartMs = Math.min(fromMs, viewpointMs) - HISTORY_MS;
    const data = await this.inputs.read(sensor, { fromMs: trainingStartMs, untilMs, knownAtMs: viewpointMs });
    const { series } = data;
    const lastKnownStep = series.values.findLastIndex((value) => !Number.isNaN(value));
    const wanted = findSteps(series, fromMs, untilMs);
    const from = Math.max(wanted.from, lastKnownStep + 1);
    const until = Math.max(from, wanted.until);
    if (findCustomForecaster(sensor) !== undefined) {
      const custom = await this.customForecasters.compute({
        ...{ sensor, series, from, until, quantiles: QUANTILES },
        madeAtMs: () => viewpointMs,
        lastKnownAt: () => lastKnownStep,
      });
      return { sensor, made: { viewpointMs }, series, ...custom };
    }
    const key = toModelKey(sensor, regressors);
    // For an old viewpoint, cached models may be trained with corrections that were made after it.
    const isRecent = nowMs - viewpointMs < DAY_MS;
    const leads = Math.min(until - 1 - lastKnownStep, Math.floor(MAX_LEAD_MS / stepMs));
    const horizons = [];
    for (const horizonSteps of lastKnownStep < 0 || from >= until ? [] : selectHorizons(leads, stepMs)) {
      const leadMs = horizonSteps * stepMs;
      horizons.push({
        horizonSteps,
        regressors: await this.inputs.readRegressors(regressors, series, {
          ...{ untilMs, leadMs, knownAtMs: viewpointMs },
          trainingSteps: lastKnownStep + 1,
        }),
      });
    }
    const forecasts = await this.calculator.run(FORECAST_CALCULATION, {
      data,
      fixed: {
        ...{ lastKnownStep, from, until, horizons, reusable: isRecent && !refit ? this.models.get(key) : [] },
        ...{ historySteps: Math.round(HISTORY_MS / stepMs), quantiles: QUANTILES },
      },
    });
    if (lastKnownStep < 0) forecasts.failures.push('No value is known.');
    this.models.add(key, forecasts.fitted, version);
    return { sensor, made: { viewpointMs }, series, forecasts };
  }
}

const isMultipleOfResolution = (
  horizonMs: number,
  { eventResolutionMs }: Pick<Sensor, 'eventResolutionMs'>,
): boolean => eventResolutionMs > 0 && horizonMs % eventResolutionMs === 0;

/** The cache key of models. */
const toModelKey = (
  { id, eventResolutionMs, timezone }: Sensor,
  regressors: readonly Sensor[],
): ModelKey => ({
  ...{ sensorId: id, eventResolutionMs, timezone },
  regressorIds: regressors.map((regressor) => regressor.id),
});

/** Index range of the steps of a window. */
function findSteps(series: RegularSeries, fromMs: number, untilMs: number) {
  const from = Math.max(0, Math.ceil(stepAt(series, fromMs)));
  return { from, until: Math.max(from, Math.min(series.values.length, Math.ceil(stepAt(series, untilMs)))) };
}

/** Removes the forecasts of steps whose values were already published. */
function maskKnownSteps(steps: readonly number[], { from, values, quantiles, methods }: Forecasts): void {
  for (const step of steps) {
    methods[step - from] = 'known';
    for (const numbers of [values, ...quantiles]) numbers[step - from] = NaN;
  }
}

/** Whether there are models of the same day for all steps, so that no training data is needed. */
function hasFreshModels(
  models: readonly FittedModel[],
  { fromMs, latestMs, stepMs }: { fromMs: number; latestMs: number; stepMs: number },
  hasRegressors: boolean,
): boolean {
  const fresh = models.filter(
    ({ trainedUntilMs }) => trainedUntilMs <= fromMs - stepMs && latestMs + stepMs - trainedUntilMs < DAY_MS,
  );
  const has = (usesRegressors: boolean) => fresh.some((model) => model.usesRegressors === usesRegressors);
  return has(false) && (!hasRegressors || has(true));
}

function checkHorizon(sensor: Sensor, { horizonMs, fromMs }: ForecastRequest, nowMs: number): void {
  const resolution = formatDuration(sensor.eventResolutionMs);
  if (horizonMs <= 0 || !isMultipleOfResolution(horizonMs, sensor)) {
    const message = `horizon: must be a multiple of the resolution of sensor ${sensor.id} (${resolution}).`;
    throw new DomainError('INVALID_HORIZON', message, 'horizon');
  }
  if (fromMs + sensor.eventResolutionMs > nowMs + horizonMs) {
    const message =
      `horizon: with a horizon of ${formatDuration(horizonMs)}, events of sensor ${sensor.id} (${resolution}) can be ` +
      'forecast up to that long from now. The requested events are later.';
    throw new DomainError('INVALID_WINDOW', message, 'horizon');
  }
}

function checkViewpoint(
  { viewpointMs, untilMs }: { viewpointMs: number; untilMs: number },
  nowMs: number,
): void {
  if (viewpointMs > nowMs) {
    throw new DomainError('INVALID_WINDOW', 'viewpoint: must not be in the future.', 'viewpoint');
  }
  if (untilMs - viewpointMs > MAX_LEAD_MS) {
    const message = 'viewpoint: forecasts can reach at most 31 days beyond the viewpoint.';
    throw new DomainError('INVALID_WINDOW', message, 'viewpoint');
  }
}
