import { DomainError } from '#lib/errors';
import { sameDimension } from '#lib/units';
import type { BreachPrice, Capacities, Capacity, Peak, SiteProblem } from '../../..';
import type { Series } from '../../../problem/stock';
import { flexError } from '../../flex-error';
import { parseSensorId, type VariableQuantity } from '../../values/variable-quantity';
import type { FlexReader } from '../flex-reader';
import {
  currencyOf,
  type PriceField,
  PriceReader,
  type SharedCurrency,
  type UnitOfSensor,
} from './price-reader';

/** Prices of exceeding limits of devices and groups; a limit without a price is hard. */
export interface BreachPrices {
  consumption?: BreachPrice;
  production?: BreachPrice;
  socMinima?: BreachPrice;
  socMaxima?: BreachPrice;
  /** Capacities of groups for one direction. */
  group?: BreachPrice;
}

/** Prices of energy, in currency per MWh. */
export interface EnergyPrices extends Pick<SiteProblem, 'consumptionPrices' | 'productionPrices'> {
  currency: string;
}

/** Capacities and peaks of a site. */
export type SiteLimits = Capacities & Pick<SiteProblem, 'consumptionPeak' | 'productionPeak'>;

type Side = 'consumption' | 'production';

/** A price of energy, and the field and the path in which it was given. */
interface GivenPrice {
  name: `${Side}-price`;
  path: string;
  quantity: VariableQuantity;
}

const isSameSensor = (one: VariableQuantity, other: VariableQuantity): boolean =>
  one.kind === 'sensor' && other.kind === 'sensor' && one.sensorId === other.sensorId;

/** Reads prices and limits of a site from its flex-context and attributes. */
export class ContextReader {
  private readonly prices: PriceReader;

  /** @param shared currency of all prices, known after the first one */
  constructor(
    private readonly reader: FlexReader<'flex-context'>,
    unitOfSensor: UnitOfSensor,
    shared: SharedCurrency = {},
  ) {
    this.prices = new PriceReader(reader, unitOfSensor, shared);
  }

  /**
   * Prices of energy and the currency of all prices; undefined without a consumption price.
   * @throws DomainError naming the field, UNKNOWN_PRICES
   */
  async energyPrices(): Promise<EnergyPrices | undefined> {
    const consumption = this.findPrice('consumption');
    if (!consumption) return undefined;
    const consumptionPrices = await this.energyPrice('consumption', consumption);
    const production = this.findPrice('production');
    const productionPrices =
      production && !isSameSensor(production.quantity, consumption.quantity)
        ? await this.energyPrice('production', production)
        : consumptionPrices;
    return { consumptionPrices, productionPrices, currency: this.prices.currency! };
  }

  /** Prices of energy, each only if it is given. @throws DomainError naming the field, UNKNOWN_PRICES */
  async separatePrices(): Promise<Partial<Pick<EnergyPrices, 'consumptionPrices' | 'productionPrices'>>> {
    const consumption = this.findPrice('consumption');
    const production = this.findPrice('production');
    return {
      consumptionPrices: consumption && (await this.energyPrice('consumption', consumption)),
      productionPrices: production && (await this.energyPrice('production', production)),
    };
  }

  /**
   * The unit of the price of a deviation from a power: per MWh, or per MW in each step.
   * @throws DomainError INVALID_UNIT naming the path
   */
  async priceUnitOfDeviation(
    quantity: VariableQuantity,
    path: string,
  ): Promise<{ unit: string; per: 'MW' | 'MWh' }> {
    const given = await this.prices.givenUnit(quantity, path);
    const currency = currencyOf(given);
    const per = currency !== undefined && sameDimension(given, `${currency}/MW`) ? 'MW' : 'MWh';
    return { unit: await this.prices.unit(quantity, path, per), per };
  }

  /** Capacities and peaks. @throws DomainError naming the field */
  async limits(): Promise<SiteLimits> {
    return {
      consumptionCapacity: await this.capacity('consumption'),
      productionCapacity: await this.capacity('production'),
      consumptionPeak: await this.peak('consumption'),
      productionPeak: await this.peak('production'),
    };
  }

  /** Prices of exceeding limits of devices and groups. @throws DomainError naming the field */
  async breachPrices(): Promise<BreachPrices> {
    const consumption = await this.breachPrice('consumption-breach-price');
    const production = await this.breachPrice('production-breach-price');
    const isOwnPriced = consumption !== undefined || production !== undefined;
    const device = isOwnPriced ? undefined : this.relaxed('relax-capacity-constraints');
    const soc = this.relaxed('relax-soc-constraints');
    return {
      consumption: consumption ?? device,
      production: production ?? device,
      socMinima: (await this.breachPrice('soc-minima-breach-price')) ?? soc,
      socMaxima: (await this.breachPrice('soc-maxima-breach-price')) ?? soc,
      group: this.relaxed('relax-site-capacity-constraints'),
    };
  }

  /** The default price of exceeding limits that are relaxed; undefined if they are not. */
  private relaxed(name: keyof typeof RELAXED_PRICES): BreachPrice | undefined {
    const own = this.reader.has(name) ? this.reader.flag(name) : undefined;
    const isRelaxed = own ?? (name !== 'relax-capacity-constraints' && this.isRelaxedByDefault());
    const price = RELAXED_PRICES[name];
    return isRelaxed ? { highest: price, perHour: price } : undefined;
  }

  private isRelaxedByDefault(): boolean {
    const isGiven = this.reader.has('relax-constraints');
    return isGiven ? this.reader.flag('relax-constraints') : this.reader.sources.relaxConstraints === true;
  }

  private findPrice(side: Side): GivenPrice | undefined {
    const name = `${side}-price` as const;
    const quantity = this.reader.quantity(name);
    if (quantity) return { name, path: name, quantity };
    const sensor = this.reader.find(`${name}-sensor`);
    if (!sensor) return undefined;
    const sensorId = parseSensorId(sensor.value);
    if (sensorId === undefined) throw flexError(sensor.name, 'the id of a sensor is needed.');
    return { name, path: sensor.name, quantity: { kind: 'sensor', sensorId } };
  }

  private async energyPrice(side: Side, { name, path, quantity }: GivenPrice): Promise<Float64Array> {
    const unit = await this.prices.unit(quantity, path, this.reader.unitOf(name));
    const prices = await this.prices.filled(quantity, path, unit, side);
    if (prices) return prices;
    const where = quantity.kind === 'sensor' ? `sensor ${quantity.sensorId}` : path;
    throw new DomainError('UNKNOWN_PRICES', `Prices unknown for planning window. (${where})`, path);
  }

  /** Capacity of the site in one direction: soft if it has a breach price, up to the capacity of the connection. */
  private async capacity(side: Side): Promise<Capacity | undefined> {
    const connectionMw = await this.reader.series('site-power-capacity');
    const shareOf = this.reader.isUnread('site-power-capacity') ? null : connectionMw;
    const sideMw = await this.reader.series(`site-${side}-capacity`, { shareOf });
    const breach =
      (await this.breachPrice(`site-${side}-breach-price`)) ??
      this.relaxed('relax-site-capacity-constraints');
    const hardLimitMw = connectionMw && unlimitedWhereUnknown(connectionMw);
    if (!sideMw) return hardLimitMw && { mw: hardLimitMw, hardLimitMw };
    return { mw: unlimitedWhereUnknown(sideMw), hardLimitMw, breach };
  }

  private async peak(side: Side): Promise<Peak | undefined> {
    const name = `site-peak-${side}-price` as const;
    const quantity = this.reader.quantity(name);
    const previousMw = await this.reader.series(`site-peak-${side}`, { isLatest: true });
    if (!quantity) return undefined;
    const unit = await this.prices.unit(quantity, name, this.reader.unitOf(name));
    const pricePerMw = await this.priceSeries(name, quantity, unit);
    return pricePerMw === undefined
      ? undefined
      : { previousMw: previousMw?.map((mw) => (Number.isNaN(mw) ? 0 : mw)) ?? 0, pricePerMw };
  }

  /**
   * The price of a field that must not be negative: a number if it does not change over time. If it is unknown, the field does
   * not count, with a warning.
   */
  private async priceSeries(
    name: PriceField,
    quantity: VariableQuantity,
    unit: string,
  ): Promise<Series | undefined> {
    const filled = await this.prices.filled(quantity, name, unit, name);
    if (!filled) {
      const where = quantity.kind === 'sensor' ? ` (sensor ${quantity.sensorId})` : '';
      this.reader.sources.warn(`No prices of ${name}${where} known: it was ignored.`);
      return undefined;
    }
    const prices = this.reader.toRange(name, filled);
    return quantity.kind === 'fixed' ? prices[0]! : prices;
  }

  /**
   * A price per MW (per MWh of stock) applies to the highest breach in the window, and also to each breach and hour, so
   * that breaches end early. A price per MW and hour, such as EUR/MWh for a power, applies to each breach and hour only.
   */
  private async breachPrice(name: PriceField): Promise<BreachPrice | undefined> {
    const quantity = this.reader.quantity(name);
    if (!quantity) return undefined;
    const per = this.reader.unitOf(name);
    const given = await this.prices.givenUnit(quantity, name);
    const currency = currencyOf(given);
    const isPerHour = currency !== undefined && sameDimension(given, `${currency}/(${per}*h)`);
    const unit = await this.prices.unit(quantity, name, isPerHour ? `(${per}*h)` : per);
    const price = await this.priceSeries(name, quantity, unit);
    if (price === undefined) return undefined;
    return isPerHour ? { perHour: price } : { highest: price, perHour: price };
  }
}

/** Default prices of exceeding relaxed limits, in currency per MW (per MWh of stock). */
const RELAXED_PRICES = {
  'relax-site-capacity-constraints': 10_000_000,
  'relax-soc-constraints': 1_000_000,
  'relax-capacity-constraints': 100_000,
} as const;

const unlimitedWhereUnknown = (mw: Float64Array): Float64Array =>
  mw.map((limit) => (Number.isNaN(limit) ? Infinity : limit));
