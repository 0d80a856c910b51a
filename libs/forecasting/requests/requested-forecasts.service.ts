import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '#lib/accounts/model';
import { BeliefsService } from '#lib/beliefs';
import type { Calculator } from '#lib/compute';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { ExtensionIdentity } from '#lib/extensions';
import {
  requireSensorPermission,
  SensorAccess,
  SensorsService,
  SourcesService,
  type Sensor,
} from '#lib/sensors';
import { CLOCK, formatInstant, type Clock } from '#lib/time';
import { CALCULATOR, FORECAST_CALCULATION } from '../forecasts/calculations';
import { CustomForecasters, findCustomForecaster } from '../forecasts/custom-forecasters';
import { ForecastStore } from '../forecasts/forecast-store';
import { MAX_LEAD_MS, type ForecastCounts } from '../forecasts/forecasting.service';
import { ForecastInputs, measurementFilter } from '../inputs/forecast-inputs';
import {
  missingShare,
  planViewpoints,
  postProcess,
  selectHorizons,
  stepAt,
  stepStartMs,
  type FittedModel,
  type ForecastData,
  type Forecasts,
  type PostProcessing,
  type RegularSeries,
  type StepGrid,
  type Viewpoint,
} from '../model';
import type { RequestedForecast } from './requested-forecast';
import { RequestedRegressorsService, type RequestedRegressors } from './requested-regressors.service';
import {
  checkCustomConfig,
  checkViewpoints,
  readPostProcessing,
  readTimes,
  type RequestedTimes,
} from './requested-settings';

const QUANTILES = [0.1, 0.5, 0.9];

/** A request that was validated. */
export interface ValidatedForecast {
  sensor: Sensor;
  times: RequestedTimes;
  postProcessing: PostProcessing;
  regressors: RequestedRegressors;
}

/** The forecasts of one viewpoint, not stored yet. */
interface ViewpointForecasts {
  /** Without the values: a year of minutes times a thousand viewpoints would not fit into memory. */
  grid: StepGrid;
  forecasts: Forecasts;
  beliefTimeMs: number;
  /** Number of events that needed no forecast, because their values were published before. */
  known: number;
  forecaster?: ExtensionIdentity;
}

/** Computed forecasts of a request, not stored yet. */
export interface ComputedRequest {
  sensor: Sensor;
  viewpoints: ViewpointForecasts[];
  /** Number of models that were fitted. */
  models: number;
  isDeterministic: boolean;
}

/** Result of a request. Numbers are numbers of forecasts, of all viewpoints. */
export interface RequestedForecastReport extends ForecastCounts {
  sensorId: number;
  viewpoints: number;
  models: number;
  /** Ids of the sources of the forecasts. */
  sources: number[];
  /** First and last belief time, ISO 8601. */
  beliefTimes: [string, string];
  /** Start of the first event that was forecast, ISO 8601; none if no event was. */
  firstEvent?: string;
}

/** Computes and stores the forecasts that users ask for. */
@Injectable()
export class RequestedForecasts {
  constructor(
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
    private readonly sources: SourcesService,
    private readonly inputs: ForecastInputs,
    private readonly regressors: RequestedRegressorsService,
    private readonly customForecasters: CustomForecasters,
    private readonly beliefs: BeliefsService,
    private readonly forecastStore: ForecastStore,
    private readonly transactions: Transactions,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Validates a request without reading data, also the permissions of who asked.
   * @param actor who asks, if already known
   * @throws DomainError with the field: NOT_PERMITTED, INVALID_RESOLUTION, INVALID_OPTION, INVALID_WINDOW; as RequestedRegressorsService.find
   */
  async validate(request: RequestedForecast, actor?: Actor): Promise<ValidatedForecast> {
    const sensor = await this.sensors.get(request.sensorId);
    if (sensor.eventResolutionMs <= 0) {
      const message = `Sensor ${sensor.id} is instantaneous: it has no events to forecast.`;
      throw new DomainError('INVALID_RESOLUTION', message, 'id');
    }
    const { config } = request;
    const times = readTimes(request, sensor);
    const nowMs = this.clock.now();
    if (request.prior !== undefined && times.knownAtMs > nowMs)
      throw new DomainError('INVALID_WINDOW', 'Must not be in the future.', 'prior');
    if (times.endMs - Math.max(times.startMs, nowMs) > MAX_LEAD_MS) {
      const message = 'Forecasts can reach at most 31 days beyond now, or beyond a start in the future.';
      throw new DomainError('INVALID_WINDOW', message, 'end');
    }
    const postProcessing = readPostProcessing(config, sensor);
    const asking = actor ?? (await this.access.getActor(request.userId, sensor.asset, request.deviceTokenId));
    requireSensorPermission(asking, 'create-children', sensor, 'id');
    const regressors = await this.regressors.find(config, asking);
    this.customForecasters.check(sensor);
    if (findCustomForecaster(sensor) !== undefined) checkCustomConfig(config);
    if (regressors.sensors.length > 0) checkViewpoints(times);
    return { sensor, times, postProcessing, regressors };
  }

  /**
   * Computes the forecasts of all viewpoints.
   * @throws DomainError as `validate`; TOO_MUCH_MISSING if too much of the training data is missing; NO_FORECAST if no event
   *   could be forecast; as CustomForecasters.compute
   */
  async compute(request: RequestedForecast): Promise<ComputedRequest> {
    const validated = await this.validate(request);
    const { sensor, times } = validated;
    const { startMs, endMs, historyMs, knownAtMs } = times;
    const data = await this.inputs.read(sensor, { fromMs: startMs - historyMs, untilMs: endMs, knownAtMs });
    const viewpoints: ViewpointForecasts[] = [];
    let models: readonly FittedModel[] = [];
    let fitted = 0;
    for (const viewpoint of planViewpoints(times, times.beliefTimeMs, this.clock.now())) {
      const computed = await this.computeViewpoint(request, validated, data, viewpoint, models);
      const { forecasts } = computed;
      fitted += forecasts.fitted.filter((one) => !models.some((other) => isSameModel(one, other))).length;
      models = mergeModels(models, forecasts.fitted);
      viewpoints.push({ ...computed, beliefTimeMs: viewpoint.beliefTimeMs });
    }
    const methods = viewpoints.flatMap(({ forecasts }) => forecasts.methods);
    if (methods.length > 0 && methods.every((method) => method === 'none')) {
      const reasons = [...new Set(viewpoints.flatMap(({ forecasts }) => forecasts.failures))];
      throw new DomainError('NO_FORECAST', `No event could be forecast. ${reasons.join(' ')}`.trim());
    }
    return { sensor, viewpoints, models: fitted, isDeterministic: request.isDeterministic ?? false };
  }

  /** Stores the forecasts of all viewpoints, all or nothing. */
  store({ sensor, viewpoints, models, isDeterministic }: ComputedRequest): Promise<RequestedForecastReport> {
    return this.transactions.run(async () => {
      const sources = new Set<number>();
      for (const { grid, forecasts, beliefTimeMs, forecaster } of viewpoints) {
        const quantiles = isDeterministic ? [] : QUANTILES;
        const when = { viewpointMs: beliefTimeMs };
        const { sourceIds } = await this.forecastStore.save(
          ...([sensor, grid, forecasts, when, quantiles, forecaster] as const),
        );
        for (const id of sourceIds) sources.add(id);
      }
      const methods = viewpoints.flatMap(({ forecasts }) => forecasts.methods);
      const count = (method: string): number => methods.filter((used) => used === method).length;
      const withRegressors = count('linear-regressors');
      const beliefTimes = viewpoints.map(({ beliefTimeMs }) => beliefTimeMs);
      const toText = (ms: number): string => new Date(ms).toISOString();
      const firstEventMs = findFirstEvent(viewpoints);
      return {
        sensorId: sensor.id,
        ...{ viewpoints: viewpoints.length, models },
        ...{ linear: count('linear') + withRegressors, withRegressors, naive: count('naive') },
        ...{
          custom: count('custom'),
          missing: count('none'),
          known: viewpoints.reduce((sum, { known }) => sum + known, 0),
        },
        failures: [...new Set(viewpoints.flatMap(({ forecasts }) => forecasts.failures))],
        sources: [...sources],
        beliefTimes: [toText(Math.min(...beliefTimes)), toText(Math.max(...beliefTimes))],
        ...(firstEventMs !== undefined && { firstEvent: toText(firstEventMs) }),
      };
    });
  }

  private async computeViewpoint(
    { config }: RequestedForecast,
    { sensor, times, postProcessing, regressors }: ValidatedForecast,
    data: ForecastData,
    viewpoint: Viewpoint,
    reusable: readonly FittedModel[],
  ): Promise<Omit<ViewpointForecasts, 'beliefTimeMs'> & { forecasts: Forecasts }> {
    const { startMs, stepMs, localZone } = data.series;
    const grid: StepGrid = { startMs, stepMs, localZone };
    const knownAtMs = Math.min(viewpoint.beliefTimeMs, times.knownAtMs);
    const step = Math.max(0, Math.ceil(stepAt(data.series, viewpoint.startMs)));
    const series = { ...data.series, values: await this.valuesAt(sensor, data.series, step, knownAtMs) };
    const historySteps = Math.round(times.historyMs / stepMs);
    checkMissing(config.missingThreshold, series, step - historySteps, step, sensor);
    const lastKnownStep = series.values.findLastIndex((value) => !Number.isNaN(value));
    const wanted = Math.min(series.values.length, Math.ceil(stepAt(series, viewpoint.untilMs)));
    const from = Math.max(step, lastKnownStep + 1);
    const until = Math.max(from, wanted);
    const known = Math.min(from, wanted) - step;
    const bounded = { ...data, series };
    if (findCustomForecaster(sensor) !== undefined) {
      const custom = await this.customForecasters.compute({
        ...{ sensor, series, from, until, quantiles: QUANTILES },
        madeAtMs: () => viewpoint.beliefTimeMs,
        lastKnownAt: () => lastKnownStep,
      });
      applyPostProcessing(custom.forecasts, postProcessing);
      return { grid, known, ...custom };
    }
    const leads = Math.min(until - 1 - lastKnownStep, Math.floor(MAX_LEAD_MS / stepMs));
    const horizons = [];
    for (const horizonSteps of lastKnownStep < 0 || from >= until ? [] : selectHorizons(leads, stepMs))
      horizons.push({
        horizonSteps,
        regressors: await this.regressors.read(regressors, series, horizonSteps, {
          ...{ step, knownAtMs: times.knownAtMs, beliefTimeMs: knownAtMs },
        }),
      });
    const forecasts = await this.calculator.run(FORECAST_CALCULATION, {
      data: bounded,
      fixed: {
        ...{ lastKnownStep, from, until, horizons, reusable, historySteps, quantiles: QUANTILES },
        ...{ refitMs: times.refitMs, isNaive: config.model === 'naive' },
      },
    });
    if (lastKnownStep < 0)
      forecasts.failures.push(
        `No value is known before ${formatInstant(viewpoint.startMs, sensor.timezone)}.`,
      );
    applyPostProcessing(forecasts, postProcessing);
    return { grid, forecasts, known };
  }

  /** The values as they were known at a viewpoint: before a step, and later ones that were published before. */
  private async valuesAt(
    sensor: Sensor,
    series: RegularSeries,
    step: number,
    knownAtMs: number,
  ): Promise<Float64Array> {
    const values = series.values.slice();
    values.fill(NaN, step);
    const published = await this.beliefs.latestPerEvent(sensor, {
      ...measurementFilter(sensor),
      eventStartsAfterMs: stepStartMs(series, step),
      eventStartsBeforeMs: stepStartMs(series, values.length),
      beliefsBeforeMs: knownAtMs,
    });
    published.eventStarts.forEach((startMs, i) => {
      const at = stepAt(series, startMs);
      if (Number.isInteger(at) && at >= step && at < values.length) values[at] = published.values[i]!;
    });
    return values;
  }
}

/** @throws DomainError TOO_MUCH_MISSING */
function checkMissing(
  threshold: number | undefined,
  { values }: RegularSeries,
  from: number,
  until: number,
  sensor: Sensor,
): void {
  const share = missingShare(values, from, until);
  if (threshold === undefined || share <= threshold) return;
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  const message =
    `${percent(share)} of the training data of sensor ${sensor.id} are missing; ` +
    `missing-threshold permits ${percent(threshold)}.`;
  throw new DomainError('TOO_MUCH_MISSING', message, 'config.missing-threshold');
}

function applyPostProcessing({ values, quantiles }: Forecasts, rules: PostProcessing): void {
  for (const column of [values, ...quantiles])
    column.forEach((value, i) => {
      column[i] = postProcess(value, rules);
    });
}

/** Start of the first event that was forecast, in epoch milliseconds. */
function findFirstEvent(viewpoints: readonly ViewpointForecasts[]): number | undefined {
  const starts = viewpoints
    .filter(({ forecasts }) => forecasts.methods.length > 0)
    .map(({ grid, forecasts }) => stepStartMs(grid, forecasts.from));
  return starts.length > 0 ? Math.min(...starts) : undefined;
}

const hasSameInputs = (one: FittedModel, other: FittedModel): boolean =>
  one.model.horizonSteps === other.model.horizonSteps && one.usesRegressors === other.usesRegressors;

const isSameModel = (one: FittedModel, other: FittedModel): boolean =>
  hasSameInputs(one, other) && one.trainedUntilMs === other.trainedUntilMs;

/** The newest model for each horizon. */
const mergeModels = (before: readonly FittedModel[], fitted: readonly FittedModel[]): FittedModel[] => [
  ...before.filter((one) => !fitted.some((other) => hasSameInputs(one, other))),
  ...fitted,
];
