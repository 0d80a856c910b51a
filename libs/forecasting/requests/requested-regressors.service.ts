import { Injectable } from '@nestjs/common';
import { AccountsService, UsersService } from '#lib/accounts';
import { accountRules, isAllowed, type Actor } from '#lib/accounts/model';
import { assetRules, AssetsService } from '#lib/assets';
import { BeliefsService, type BeliefSearch, type Steps } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import {
  AnnotationsService,
  COMPUTED_SOURCE_TYPES,
  requireSensorPermission,
  SensorAccess,
  type AnnotationType,
  type Sensor,
} from '#lib/sensors';
import { laggedRegressors, periodsOnSteps, stepStartMs, type RegularSeries } from '../model';
import type { AnnotationRegressor, ForecastConfig, RegressorReference } from './requested-forecast';

/** A sensor that helps to forecast, and the beliefs about it that are used. */
interface Regressor {
  sensor: Sensor;
  search: BeliefSearch;
  usesPast: boolean;
  usesFuture: boolean;
  /** The realized values, which are the same for all viewpoints of a request. */
  realized?: Promise<Float64Array>;
}

/** What a request names as inputs beside the measurements of the sensor. */
export interface RequestedRegressors {
  sensors: Regressor[];
  annotations: AnnotationRegressor[];
}

/** A viewpoint for inputs. */
interface InputViewpoint {
  /** Index of the first step whose realized values are not used. */
  step: number;
  /** Realized values that were recorded until then are used; epoch milliseconds. */
  knownAtMs: number;
  /** Forecasts and annotations that were made until then are used; epoch milliseconds. */
  beliefTimeMs: number;
}

/** With more regressors, models would have too little training data for each. */
const MAX_REGRESSORS = 8;

const LISTS = [
  { list: 'pastRegressors', field: 'config.past-regressors', usesPast: true, usesFuture: false },
  { list: 'futureRegressors', field: 'config.future-regressors', usesPast: false, usesFuture: true },
  { list: 'regressors', field: 'config.regressors', usesPast: true, usesFuture: true },
] as const;

/** Finds and reads the regressors that requests name. */
@Injectable()
export class RequestedRegressorsService {
  constructor(
    private readonly access: SensorAccess,
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly assets: AssetsService,
    private readonly annotations: AnnotationsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * The regressors of a request, as far as the user may read them.
   * @throws DomainError SENSOR_NOT_FOUND, ASSET_NOT_FOUND, ACCOUNT_NOT_FOUND, NOT_PERMITTED, INVALID_OPTION with the field
   */
  async find(config: ForecastConfig, actor: Actor): Promise<RequestedRegressors> {
    const { annotationRegressors: annotations = [] } = config;
    const named = LISTS.flatMap(({ list, ...use }) =>
      (config[list] ?? []).map((reference, i) => ({ reference, ...use, field: `${use.field}.${i}` })),
    );
    if (named.length + annotations.length > MAX_REGRESSORS)
      throw new DomainError('INVALID_OPTION', `At most ${MAX_REGRESSORS} regressors can be used.`, 'config');
    const found = await this.access.find(
      named.map(({ reference, field }) => ({ id: reference.sensor, field })),
    );
    const sensors: Regressor[] = [];
    for (const { reference, field, usesPast, usesFuture } of named) {
      const sensor = found.get(reference.sensor)!;
      requireSensorPermission(actor, 'read', sensor, field);
      sensors.push({ sensor, search: await this.toSearch(reference), usesPast, usesFuture });
    }
    for (const [i, one] of annotations.entries())
      await this.requireAnnotated(one, actor, `config.annotation-regressors.${i}`);
    return { sensors, annotations };
  }

  /**
   * The values of the regressors on the steps of a series, as they were known `horizonSteps` before the end of each step;
   * NaN where nothing was known.
   */
  async read(
    { sensors, annotations }: RequestedRegressors,
    series: RegularSeries,
    horizonSteps: number,
    viewpoint: InputViewpoint,
  ): Promise<Float64Array[]> {
    const columns: Float64Array[] = [];
    for (const regressor of sensors)
      columns.push(...(await this.readSensor(regressor, series, horizonSteps, viewpoint)));
    for (const one of annotations) columns.push(await this.readAnnotations(one, series, viewpoint));
    return columns;
  }

  private async readSensor(
    regressor: Regressor,
    series: RegularSeries,
    horizonSteps: number,
    { step, knownAtMs, beliefTimeMs }: InputViewpoint,
  ): Promise<Float64Array[]> {
    const { sensor, search, usesPast, usesFuture } = regressor;
    const { stepMs } = series;
    const steps = series.values.length;
    const window = { startMs: stepStartMs(series, steps) - steps * stepMs, stepMs, steps };
    const longerMs = Math.max(0, sensor.eventResolutionMs - stepMs);
    const delaySteps = Math.ceil(longerMs / stepMs);
    if (usesPast)
      regressor.realized ??= this.beliefs.latestOnSteps(sensor, window, {
        excludeSourceTypes: COMPUTED_SOURCE_TYPES,
        ...search,
        ...{ horizonAtMostMs: 0, beliefsBeforeMs: knownAtMs },
      });
    const realized = (await regressor.realized)?.slice() ?? new Float64Array(steps).fill(NaN);
    realized.fill(NaN, Math.max(0, Math.min(steps, step - delaySteps)));
    const columns = usesPast ? laggedRegressors(realized, { horizonSteps, delaySteps, stepMs }) : [];
    if (!usesFuture) return columns;
    const forecasts = await this.beliefs.latestOnSteps(sensor, window, {
      ...search,
      leadAtLeastMs: horizonSteps * stepMs + longerMs,
      beliefsBeforeMs: beliefTimeMs,
    });
    await this.addNewest(forecasts, regressor, window, { step, beliefTimeMs });
    // Where no forecast was known, training uses the realized value.
    return [...columns, forecasts.map((value, i) => (Number.isNaN(value) ? realized[i]! : value))];
  }

  /**
   * Fills unknown values after the viewpoint with what was known at the viewpoint: of the weather that was imported for the
   * first time just before, nothing was known as long ahead as a model looks.
   */
  private async addNewest(
    forecasts: Float64Array,
    { sensor, search }: Regressor,
    { startMs, stepMs, steps }: Steps,
    { step, beliefTimeMs }: Pick<InputViewpoint, 'step' | 'beliefTimeMs'>,
  ): Promise<void> {
    const first = forecasts.findIndex((value, i) => i >= step && Number.isNaN(value));
    if (first === -1) return;
    const newest = await this.beliefs.latestOnSteps(
      sensor,
      { startMs: startMs + first * stepMs, stepMs, steps: steps - first },
      { ...search, beliefsBeforeMs: beliefTimeMs },
    );
    newest.forEach((value, i) => {
      if (Number.isNaN(forecasts[first + i]!)) forecasts[first + i] = value;
    });
  }

  private async readAnnotations(
    { account, asset, sensor, type }: AnnotationRegressor,
    series: RegularSeries,
    { beliefTimeMs }: InputViewpoint,
  ): Promise<Float64Array> {
    const steps = series.values.length;
    const found = await this.annotations.listOf(
      { sensorId: sensor, assetId: asset, accountId: account },
      {
        type: type as AnnotationType,
        endsAfterMs: stepStartMs(series, 0),
        startsBeforeMs: stepStartMs(series, steps),
        beliefsBeforeMs: beliefTimeMs,
      },
    );
    const periods = found.map(({ start, end }) => ({ startMs: start.getTime(), endMs: end.getTime() }));
    return periodsOnSteps(
      periods,
      Float64Array.from({ length: steps }, (_, step) => stepStartMs(series, step)),
    );
  }

  /** The sources of a reference as a search. */
  private async toSearch(reference: RegressorReference): Promise<BeliefSearch> {
    const { sources, sourceTypes, excludeSourceTypes, sourceAccounts } = reference;
    const users = [];
    for (const id of sourceAccounts ?? []) users.push(...(await this.users.listByAccount(id)));
    return {
      ...(sources && { sourceIds: sources }),
      ...(sourceTypes && { sourceTypes, excludeSourceTypes: undefined }),
      ...(excludeSourceTypes && { excludeSourceTypes }),
      ...(sourceAccounts && { userIds: users.map(({ id }) => id) }),
    };
  }

  private async requireAnnotated(one: AnnotationRegressor, actor: Actor, field: string): Promise<void> {
    const { account, asset, sensor } = one;
    if ([account, asset, sensor].filter((id) => id !== undefined).length !== 1)
      throw new DomainError('INVALID_OPTION', 'Name exactly one of account, asset and sensor.', field);
    if (sensor !== undefined) await this.access.getReadable(sensor, [actor], `${field}.sensor`);
    if (asset !== undefined && !isAllowed(actor, 'read', assetRules(await this.assets.get(asset))))
      throw notReadable(`${field}.asset`, `asset ${asset}`);
    if (account !== undefined && !isAllowed(actor, 'read', accountRules(await this.accounts.get(account))))
      throw notReadable(`${field}.account`, `account ${account}`);
  }
}

const notReadable = (field: string, what: string): DomainError =>
  new DomainError('NOT_PERMITTED', `${field}: you may not read ${what}.`, field);
