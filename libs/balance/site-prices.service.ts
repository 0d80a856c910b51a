import { Injectable } from '@nestjs/common';
import { AssetTree } from '#lib/assets';
import { BeliefsService, type Steps } from '#lib/beliefs';
import { sensorIdOf } from '#lib/scheduling';
import { SensorsService, type Sensor } from '#lib/sensors';
import { convertValues, parseQuantity } from '#lib/units';
import type { Prices } from './model';

/** The prices of a site. */
export interface SitePrices {
  /** Such as EUR. */
  currency: string;
  prices: Prices;
}

/** What a flex-context says about a price. */
type Price = { sensor: Sensor } | { value: number; unit: string };

/** Reads what energy costs at a site. */
@Injectable()
export class SitePricesService {
  constructor(
    private readonly tree: AssetTree,
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * The prices in the flex-context of a site or of an asset above it: of a sensor, or a fixed one. Without a production
   * price, the consumption price counts for both directions, as for schedules.
   * @param canRead whether the user may read a sensor; prices of others are unknown
   * @returns undefined without a price of consumption, or if the prices have different currencies
   */
  async read(
    siteId: number,
    steps: Steps,
    canRead: (sensor: Sensor) => boolean,
  ): Promise<SitePrices | undefined> {
    const layers = await this.tree.findFlexibilityUpToRoot(siteId);
    const nearest = (...names: string[]): unknown =>
      layers.flatMap(({ flexContext }) => names.flatMap((name) => flexContext[name] ?? []))[0];
    const consumption = await this.priceOf(nearest('consumption-price', 'consumption-price-sensor'));
    const given = await this.priceOf(nearest('production-price', 'production-price-sensor'));
    if (!consumption) return undefined;
    const production = given ?? consumption;
    const currency = currencyOf(consumption);
    if (currencyOf(production) !== currency) return undefined;
    const valuesOf = (price: Price) => this.valuesOf(price, `${currency}/kWh`, steps, canRead);
    return {
      currency,
      prices: { consumption: await valuesOf(consumption), production: await valuesOf(production) },
    };
  }

  private async priceOf(value: unknown): Promise<Price | undefined> {
    const id = sensorIdOf(value);
    if (id !== undefined) {
      const sensor = await this.sensors.find(id);
      return sensor ? { sensor } : undefined;
    }
    if (typeof value !== 'string') return undefined;
    try {
      return parseQuantity(value);
    } catch {
      return undefined; // What is stored has been checked, but by an older version perhaps.
    }
  }

  private async valuesOf(
    price: Price,
    unit: string,
    steps: Steps,
    canRead: (sensor: Sensor) => boolean,
  ): Promise<Float64Array> {
    if (!('sensor' in price))
      return convertValues(new Float64Array(steps.steps).fill(price.value), price.unit, unit);
    if (!canRead(price.sensor)) return new Float64Array(steps.steps).fill(NaN);
    return convertValues(await this.beliefs.latestOnSteps(price.sensor, steps), price.sensor.unit, unit);
  }
}

const currencyOf = (price: Price): string =>
  ('sensor' in price ? price.sensor.unit : price.unit).split('/')[0]!;
