import { Injectable } from '@nestjs/common';
import { AssetTree, type DetailedAsset } from '#lib/assets';
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

type FlexContext = DetailedAsset['flexContext'];

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

  /** The flex-context of a site, then those of the assets above it. */
  async findContexts(siteId: number): Promise<FlexContext[]> {
    return (await this.tree.findFlexibilityUpToRoot(siteId)).map(({ flexContext }) => flexContext);
  }

  /**
   * The prices of sites: of a sensor, or a fixed one. Without a production price, the consumption price counts for both
   * directions, as for schedules.
   * @param sites the flex-contexts of each site and of the assets above it, nearest first
   * @param canRead whether the user may read a sensor; prices of others are unknown
   * @returns for each site; undefined without a price of consumption, or if the prices have different currencies
   */
  async read(
    sites: readonly (readonly FlexContext[])[],
    steps: Steps,
    canRead: (sensor: Sensor) => boolean,
  ): Promise<(SitePrices | undefined)[]> {
    const given = sites.map((contexts) => ({
      consumption: nearest(contexts, 'consumption-price', 'consumption-price-sensor'),
      production: nearest(contexts, 'production-price', 'production-price-sensor'),
    }));
    const ids = given.flatMap((prices) => Object.values(prices).flatMap((value) => sensorIdOf(value) ?? []));
    const sensors = ids.length === 0 ? [] : await this.sensors.listByIds(ids);
    const byId = new Map(sensors.map((sensor) => [sensor.id, sensor]));
    const values = await this.beliefs.latestOnStepsOf(sensors.filter(canRead), steps);
    return given.map(({ consumption, production }) =>
      toPrices(priceOf(consumption, byId), priceOf(production, byId), (price, unit) => {
        if (!('sensor' in price))
          return convertValues(new Float64Array(steps.steps).fill(price.value), price.unit, unit);
        const known = values.get(price.sensor.id);
        return known
          ? convertValues(known, price.sensor.unit, unit)
          : new Float64Array(steps.steps).fill(NaN);
      }),
    );
  }
}

/** The value of the first of the names that is given nearest to the site. */
const nearest = (contexts: readonly FlexContext[], ...names: string[]): unknown =>
  contexts.flatMap((context) => names.flatMap((name) => context[name] ?? []))[0];

function priceOf(value: unknown, sensors: ReadonlyMap<number, Sensor>): Price | undefined {
  const id = sensorIdOf(value);
  if (id !== undefined) {
    const sensor = sensors.get(id);
    return sensor && { sensor };
  }
  if (typeof value !== 'string') return undefined;
  try {
    return parseQuantity(value);
  } catch {
    return undefined; // What is stored has been checked, but by an older version perhaps.
  }
}

function toPrices(
  consumption: Price | undefined,
  given: Price | undefined,
  valuesOf: (price: Price, unit: string) => Float64Array,
): SitePrices | undefined {
  if (!consumption) return undefined;
  const production = given ?? consumption;
  const currency = currencyOf(consumption);
  if (currencyOf(production) !== currency) return undefined;
  const unit = `${currency}/kWh`;
  return {
    currency,
    prices: { consumption: valuesOf(consumption, unit), production: valuesOf(production, unit) },
  };
}

const currencyOf = (price: Price): string =>
  ('sensor' in price ? price.sensor.unit : price.unit).split('/')[0]!;
