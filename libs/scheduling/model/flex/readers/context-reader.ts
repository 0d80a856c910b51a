import { DomainError, errorMessage } from '#lib/errors';
import { isCurrency, sameDimension, parseQuantity } from '#lib/units';
import { type BreachPrice, type Capacity, fillPrices, type Peak, type SiteProblem } from '../..';
import type { Series } from '../../problem/stock';
import type { FlexFieldOfType } from '../fields';
import { flexError } from '../flex-error';
import { parseSensorId, type VariableQuantity } from '../values/variable-quantity';
import type { FlexReader } from './flex-reader';

/** Prices of exceeding limits of devices; a limit without a price is hard. */
export interface BreachPrices {
  consumption?: BreachPrice;
  production?: BreachPrice;
  socMinima?: BreachPrice;
  socMaxima?: BreachPrice;
}

/** Prices of energy, in currency per MWh. */
export interface EnergyPrices extends Pick<SiteProblem, 'consumptionPrices' | 'productionPrices'> {
  currency: string;
}

/** Capacities and peaks of a site. */
export type SiteLimits = Pick<
  SiteProblem,
  'consumptionCapacity' | 'productionCapacity' | 'consumptionPeak' | 'productionPeak'
>;

type Side = 'consumption' | 'production';
type PriceField = FlexFieldOfType<'flex-context', 'variable-price'>;

/** A price of energy, and the field and the path in which it was given. */
interface GivenPrice {
  name: `${Side}-price`;
  path: string;
  quantity: VariableQuantity;
}

const isSameSensor = (one: VariableQuantity, other: VariableQuantity): boolean =>
  one.kind === 'sensor' && other.kind === 'sensor' && one.sensorId === other.sensorId;

/** The currency of several flex-contexts. */
export interface SharedCurrency {
  currency?: string;
}

/** Unit of a sensor. @param field that refers to the sensor, for errors */
export type UnitOfSensor = (sensorId: number, field: string) => Promise<string>;

/** Reads prices and limits of a site from its flex-context and attributes. */
export class ContextReader {
  /** @param shared currency of all prices, known after the first one */
  constructor(
    private readonly reader: FlexReader<'flex-context'>,
    private readonly unitOfSensor: UnitOfSensor,
    private readonly shared: SharedCurrency = {},
  ) {}

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
    return { consumptionPrices, productionPrices, currency: this.shared.currency! };
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
    const given = await this.unitOf(quantity, path);
    const currency = currencyOf(given);
    const per = currency !== undefined && sameDimension(given, `${currency}/MW`) ? 'MW' : 'MWh';
    return { unit: await this.priceUnit(quantity, path, per), per };
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

  /** Prices of exceeding limits of devices. @throws DomainError naming the field */
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
    const unit = await this.priceUnit(quantity, path, this.reader.unitOf(name));
    return this.filledPrices(quantity, path, unit, side);
  }

  /** Prices in a unit, one per step; those that are unknown are filled. @param what warnings call the prices */
  private async filledPrices(
    quantity: VariableQuantity,
    path: string,
    unit: string,
    what: string,
  ): Promise<Float64Array> {
    const known = await this.reader.seriesOf(quantity, path, unit);
    if (this.reader.isUnreadQuantity(quantity)) return known;
    const filled = fillPrices(known, what);
    if (filled.status === 'UNKNOWN_PRICES') {
      const where = quantity.kind === 'sensor' ? `sensor ${quantity.sensorId}` : path;
      throw new DomainError('UNKNOWN_PRICES', `Prices unknown for planning window. (${where})`, path);
    }
    for (const warning of filled.warnings) this.reader.sources.warn(warning);
    return filled.prices;
  }

  /**
   * The unit `currency/per` of a price. All prices must be in one currency, or all be emissions of CO2.
   * @throws DomainError INVALID_UNIT naming the path
   */
  private async priceUnit(quantity: VariableQuantity, path: string, per: string): Promise<string> {
    const unit = await this.unitOf(quantity, path);
    const currency = currencyOf(unit);
    if (currency === undefined || !sameDimension(unit, `${currency}/${per}`)) {
      const needed = per === 'MWh' ? 'a price of energy' : `a price per ${per}`;
      const given = unit || 'no unit';
      const message =
        quantity.kind === 'sensor'
          ? `${path}: sensor ${quantity.sensorId} is in ${given}, which is not ${needed}.`
          : `${path}: ${given} is not ${needed}.`;
      throw new DomainError('INVALID_UNIT', message, path);
    }
    this.shared.currency ??= currency;
    if (!sameDimension(this.shared.currency, currency)) {
      const message = `${path}: prices in ${currency} cannot be compared with prices in ${this.shared.currency}.`;
      throw new DomainError('INVALID_UNIT', message, path);
    }
    return `${this.shared.currency}/${per}`;
  }

  private async unitOf(quantity: VariableQuantity, path: string): Promise<string> {
    if (quantity.kind === 'sensor') return this.unitOfSensor(quantity.sensorId, path);
    const text = quantity.kind === 'fixed' ? quantity.text : quantity.entries[0]?.text;
    if (text === undefined) throw flexError(path, 'at least one price is needed.');
    try {
      return parseQuantity(text).unit;
    } catch (error) {
      throw flexError(path, errorMessage(error));
    }
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
    const unit = await this.priceUnit(quantity, name, this.reader.unitOf(name));
    return {
      previousMw: previousMw?.map((mw) => (Number.isNaN(mw) ? 0 : mw)) ?? 0,
      pricePerMw: await this.priceSeries(name, quantity, unit),
    };
  }

  /** The price of a field that must not be negative: a number if it does not change over time. */
  private async priceSeries(name: PriceField, quantity: VariableQuantity, unit: string): Promise<Series> {
    const prices = this.reader.toRange(name, await this.filledPrices(quantity, name, unit, name));
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
    const given = await this.unitOf(quantity, name);
    const currency = currencyOf(given);
    const isPerHour = currency !== undefined && sameDimension(given, `${currency}/(${per}*h)`);
    const unit = await this.priceUnit(quantity, name, isPerHour ? `(${per}*h)` : per);
    const price = await this.priceSeries(name, quantity, unit);
    return isPerHour ? { perHour: price } : { highest: price, perHour: price };
  }
}

/** Default prices of exceeding relaxed limits, in currency per MW (per MWh of stock). */
const RELAXED_PRICES = {
  'relax-site-capacity-constraints': 10_000_000,
  'relax-soc-constraints': 1_000_000,
  'relax-capacity-constraints': 100_000,
} as const;

/**
 * The currency of a unit such as `EUR/MWh`, or `kgCO2` of `kgCO2/MWh`; undefined if the unit is not that of a price or of
 * emissions.
 */
export function currencyOf(unit: string): string | undefined {
  const currency = unit.slice(0, unit.indexOf('/')).trim();
  const isPriced = isCurrency(currency) || sameDimension(currency, 'kgCO2');
  return unit.includes('/') && isPriced ? currency : undefined;
}

const unlimitedWhereUnknown = (mw: Float64Array): Float64Array =>
  mw.map((limit) => (Number.isNaN(limit) ? Infinity : limit));
