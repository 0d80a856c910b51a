import { Inject, Injectable } from '@nestjs/common';
import type { Attributes } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import type { Duration } from '#lib/time';
import { isPowerUnit } from '#lib/units';
import {
  numericAttribute,
  resolveFlexModel,
  resolveWindow,
  type ScheduleWindow,
  type StorageFlexModel,
  type StorageState,
} from './flex-model';
import type { StorageProblem } from './model';
import { SiteSeries, type PriceSeries } from './site-series';
import { storedSign } from './sign';

/** The surroundings of the device: prices, and devices that are not to be scheduled. */
export interface FlexContext {
  consumptionPriceSensorId?: number;
  productionPriceSensorId?: number;
  inflexibleDeviceSensorIds?: number[];
}

export interface StorageScheduleRequest {
  sensorId: number;
  startMs: number;
  /** The default planning horizon when not given. */
  duration?: Duration;
  flexModel: StorageFlexModel;
  flexContext: FlexContext;
  /** Moment of scheduling: only what was known by then counts. Epoch milliseconds. */
  beliefTimeMs: number;
}

/** Everything about a schedule to be computed. */
export interface StorageInput {
  sensor: Sensor;
  window: ScheduleWindow;
  problem: StorageProblem;
  currency: string;
  warnings: string[];
}

/** A request of which everything is known but the data. */
export interface CheckedRequest extends ReturnType<typeof resolveWindow> {
  sensor: Sensor;
  attributes: Attributes;
  state: StorageState;
  limits: Pick<StorageProblem, 'chargePowerMaxMw' | 'dischargePowerMaxMw'>;
}

/** Types of assets that store energy. */
export const STORAGE_TYPES = ['battery', 'one-way_evse', 'two-way_evse'];

/** Turns a request with sensor references and quantities into arrays and numbers. */
@Injectable()
export class StorageInputs {
  constructor(
    private readonly sensors: SensorsService,
    private readonly site: SiteSeries,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The part of a request that needs no data: whether the sensor can be scheduled, the state of charge, the window.
   * @throws DomainError naming the field of the flex-model that cannot be used
   */
  async check(request: StorageScheduleRequest): Promise<CheckedRequest> {
    const sensor = await this.sensors.get(request.sensorId);
    checkSensor(sensor);
    const attributes = { ...sensor.asset.attributes, ...sensor.attributes };
    const state = resolveFlexModel(request.flexModel, attributes, request.startMs);
    const resolved = resolveWindow({
      ...request,
      ...this.settings,
      stepMs: sensor.eventResolutionMs,
      timezone: sensor.timezone,
      targets: state.socTargets,
    });
    return { sensor, attributes, state, limits: powerLimits(attributes), ...resolved };
  }

  /** @throws DomainError naming the field of the flex-model or flex-context that cannot be used */
  async collect(request: StorageScheduleRequest): Promise<StorageInput> {
    const { sensor, attributes, state, limits, window, targets, notes } = await this.check(request);
    const prices = await this.prices(request, attributes, window);
    const inflexible = await this.site.inflexiblePower(
      request.flexContext.inflexibleDeviceSensorIds ?? [],
      window,
      request.beliefTimeMs,
    );
    const siteCapacityMw = numericAttribute(sensor.asset.attributes, 'capacity_in_mw');
    const problem: StorageProblem = {
      ...state,
      ...limits,
      steps: window.steps,
      stepHours: window.stepMs / 3_600_000,
      consumptionPrices: prices.consumption.prices,
      productionPrices: prices.production.prices,
      inflexiblePowerMw: request.flexContext.inflexibleDeviceSensorIds?.length
        ? inflexible.powerMw
        : undefined,
      socTargets: targets,
      siteConsumptionCapacityMw: siteCapacityMw,
      siteProductionCapacityMw: siteCapacityMw,
    };
    const warnings = [...new Set([...notes, ...prices.warnings, ...inflexible.warnings])];
    return { sensor, window, problem, currency: prices.consumption.currency, warnings };
  }

  private async prices(request: StorageScheduleRequest, attributes: Attributes, window: ScheduleWindow) {
    const { flexContext, beliefTimeMs } = request;
    const consumptionId = flexContext.consumptionPriceSensorId ?? numericAttribute(attributes, 'market_id');
    if (consumptionId === undefined) {
      const message = 'consumption-price-sensor: needed, because there is no attribute market_id either.';
      throw new DomainError('UNKNOWN_MARKET', message, 'consumption-price-sensor');
    }
    const productionId = flexContext.productionPriceSensorId ?? consumptionId;
    const consumption = await this.site.prices(
      consumptionId,
      'consumption-price-sensor',
      window,
      beliefTimeMs,
    );
    const production: PriceSeries =
      productionId === consumptionId
        ? consumption
        : await this.site.prices(productionId, 'production-price-sensor', window, beliefTimeMs);
    if (production.currency !== consumption.currency) {
      const message = `production-price-sensor: prices in ${production.currency} do not compare with ${consumption.currency}.`;
      throw new DomainError('INVALID_UNIT', message, 'production-price-sensor');
    }
    return { consumption, production, warnings: [...consumption.warnings, ...production.warnings] };
  }
}

function checkSensor(sensor: Sensor): void {
  const type = sensor.asset.assetType.name;
  if (!STORAGE_TYPES.includes(type)) {
    const message = `Scheduling is not (yet) supported for asset type ${type}.`;
    throw new DomainError('UNSUPPORTED_ASSET_TYPE', message, 'sensor');
  }
  if (!isPowerUnit(sensor.unit)) {
    const message = `Sensor ${sensor.id} is in ${sensor.unit || 'no unit'}: only power sensors are scheduled.`;
    throw new DomainError('INVALID_UNIT', message, 'sensor');
  }
  if (sensor.eventResolutionMs <= 0) {
    throw new DomainError(
      'INVALID_RESOLUTION',
      `Sensor ${sensor.id} is instantaneous: it has no steps to schedule.`,
      'sensor',
    );
  }
}

/** What the device can charge and discharge; the sign attributes speak of the stored sign. */
function powerLimits(
  attributes: Attributes,
): Pick<StorageProblem, 'chargePowerMaxMw' | 'dischargePowerMaxMw'> {
  const capacityMw = numericAttribute(attributes, 'capacity_in_mw');
  if (capacityMw === undefined || capacityMw < 0) {
    const message = 'The sensor or its asset needs an attribute capacity_in_mw that is not negative.';
    throw new DomainError('ATTRIBUTE_MISSING', message, 'capacity_in_mw');
  }
  const neverNegative = attributes['is_strictly_non_negative'] === true;
  const neverPositive = attributes['is_strictly_non_positive'] === true;
  const consumptionIsPositive = storedSign(attributes) === 1;
  const neverProduces = consumptionIsPositive ? neverNegative : neverPositive;
  const neverConsumes = consumptionIsPositive ? neverPositive : neverNegative;
  return {
    chargePowerMaxMw: neverConsumes ? 0 : capacityMw,
    dischargePowerMaxMw: neverProduces ? 0 : capacityMw,
  };
}
