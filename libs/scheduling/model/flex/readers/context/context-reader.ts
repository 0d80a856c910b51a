import { DomainError } from '#lib/errors';
import { sameDimension } from '#lib/units';
import type { Capacities, Capacity, Peak, SiteProblem } from '../../..';
import { flexError } from '../../flex-error';
import { parseSensorId, type VariableQuantity } from '../../values/variable-quantity';
import { capacityWithin } from '../capacity-within';
import type { FlexReader } from '../flex-reader';
import { BreachPriceReader, type BreachPrices } from './breach-price-reader';
import { currencyOf, PriceReader, type SharedCurrency, type UnitOfSensor } from './price-reader';

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
  private readonly breaches: BreachPriceReader;

  /** @param shared currency of all prices, known after the first one */
  constructor(
    private readonly reader: FlexReader<'flex-context'>,
    unitOfSensor: UnitOfSensor,
    shared: SharedCurrency = {},
  ) {
    this.prices = new PriceReader(reader, unitOfSensor, shared);
    this.breaches = new BreachPriceReader(reader, this.prices);
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
  breachPrices(): Promise<BreachPrices> {
    return this.breaches.ofDevices();
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
    const breach = await this.breaches.ofSite(side);
    return capacityWithin(connectionMw, sideMw, breach);
  }

  private async peak(side: Side): Promise<Peak | undefined> {
    const name = `site-peak-${side}-price` as const;
    const quantity = this.reader.quantity(name);
    const previousMw = await this.reader.series(`site-peak-${side}`, { isLatest: true });
    if (!quantity) return undefined;
    const unit = await this.prices.unit(quantity, name, this.reader.unitOf(name));
    const pricePerMw = await this.prices.ofField(name, quantity, unit);
    return pricePerMw === undefined
      ? undefined
      : { previousMw: previousMw?.map((mw) => (Number.isNaN(mw) ? 0 : mw)) ?? 0, pricePerMw };
  }
}
