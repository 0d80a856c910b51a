import { DomainError } from '#lib/errors';
import { isCurrency, sameDimension, parseQuantity } from '#lib/units';
import type { BreachPrice, Capacity, Peak, SiteProblem } from '..';
import { fillPrices } from '..';
import { flexError } from './flex-error';
import type { FlexFields } from './flex-fields';
import { sensorIdOf, type VariableQuantity } from './variable-quantity';

/** What breaking limits of devices costs; undefined where they are kept at any price. */
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
export type SiteContext = Pick<
  SiteProblem,
  'consumptionCapacity' | 'productionCapacity' | 'consumptionPeak' | 'productionPeak'
>;

type Side = 'consumption' | 'production';

interface GivenPrice {
  field: string;
  quantity: VariableQuantity;
}

const isSameSensor = (one: VariableQuantity, other: VariableQuantity): boolean =>
  one.kind === 'sensor' && other.kind === 'sensor' && one.sensorId === other.sensorId;

/** The unit of a sensor, by its id. */
export type UnitOfSensor = (sensorId: number, field: string) => Promise<string>;

/** The surroundings of devices, as a flex-context and attributes describe them. */
export class ContextFields {
  private currency: string | undefined;

  constructor(
    private readonly fields: FlexFields,
    private readonly unitOf: UnitOfSensor,
  ) {}

  /**
   * Prices of energy and the currency of all prices; undefined where no consumption price is to be found.
   * @throws DomainError naming the field, UNKNOWN_PRICES
   */
  async energyPrices(): Promise<EnergyPrices | undefined> {
    const consumption = this.priceOf('consumption');
    if (!consumption) return undefined;
    const consumptionPrices = await this.energyPrice('consumption', consumption);
    const production = this.priceOf('production');
    const productionPrices =
      production && !isSameSensor(production.quantity, consumption.quantity)
        ? await this.energyPrice('production', production)
        : consumptionPrices;
    return { consumptionPrices, productionPrices, currency: this.currency! };
  }

  /** @throws DomainError naming the field */
  async read(): Promise<SiteContext> {
    return {
      consumptionCapacity: await this.capacity('consumption'),
      productionCapacity: await this.capacity('production'),
      consumptionPeak: await this.peak('consumption'),
      productionPeak: await this.peak('production'),
    };
  }

  async breachPrices(): Promise<BreachPrices> {
    return {
      consumption: await this.breachPrice('consumption-breach-price', 'MW'),
      production: await this.breachPrice('production-breach-price', 'MW'),
      socMinima: await this.breachPrice('soc-minima-breach-price', 'MWh'),
      socMaxima: await this.breachPrice('soc-maxima-breach-price', 'MWh'),
    };
  }

  /** Where a price of energy is to be found, and the field that tells so. */
  private priceOf(side: Side): GivenPrice | undefined {
    const field = `${side}-price`;
    const quantity = this.fields.quantity(field);
    if (quantity) return { field, quantity };
    const named = this.fields.find(`${field}-sensor`);
    if (!named) return undefined;
    const sensorId = sensorIdOf(named.value);
    if (sensorId === undefined) throw flexError(named.name, 'the id of a sensor is needed.');
    return { field: named.name, quantity: { kind: 'sensor', sensorId } };
  }

  private async energyPrice(side: Side, { field, quantity }: GivenPrice): Promise<Float64Array> {
    const unit = await this.priceUnit(quantity, field, 'MWh');
    const filled = fillPrices(await this.fields.seriesOf(quantity, field, unit), side);
    if (filled.status === 'UNKNOWN_PRICES') {
      const where = quantity.kind === 'sensor' ? `sensor ${quantity.sensorId}` : field;
      throw new DomainError('UNKNOWN_PRICES', `Prices unknown for planning window. (${where})`, field);
    }
    for (const warning of filled.warnings) this.fields.sources.warn(warning);
    return filled.prices;
  }

  /** The unit `currency/per` for a price, whose currency has to be that of all others. */
  private async priceUnit(quantity: VariableQuantity, field: string, per: string): Promise<string> {
    const unit = await this.unitOfQuantity(quantity, field);
    const currency = unit.slice(0, unit.indexOf('/')).trim();
    if (!unit.includes('/') || !isCurrency(currency) || !sameDimension(unit, `${currency}/${per}`)) {
      const what = per === 'MWh' ? 'a price of energy' : `a price per ${per}`;
      const given = unit || 'no unit';
      const message =
        quantity.kind === 'sensor'
          ? `${field}: sensor ${quantity.sensorId} is in ${given}, which is not ${what}.`
          : `${field}: ${given} is not ${what}.`;
      throw new DomainError('INVALID_UNIT', message, field);
    }
    this.currency ??= currency;
    if (this.currency !== currency) {
      const message = `${field}: prices in ${currency} do not compare with ${this.currency}.`;
      throw new DomainError('INVALID_UNIT', message, field);
    }
    return `${currency}/${per}`;
  }

  private async unitOfQuantity(quantity: VariableQuantity, field: string): Promise<string> {
    if (quantity.kind === 'sensor') return this.unitOf(quantity.sensorId, field);
    const text = quantity.kind === 'fixed' ? quantity.text : quantity.entries[0]?.text;
    if (text === undefined) throw flexError(field, 'at least one price is needed.');
    try {
      return parseQuantity(text).unit;
    } catch (error) {
      throw flexError(field, error instanceof Error ? error.message : String(error));
    }
  }

  /** The site's capacity: of one direction, which may be broken at a price, within that of its connection. */
  private async capacity(side: Side): Promise<Capacity | undefined> {
    const connection = await this.fields.series('site-power-capacity', 'MW', { precedence: 'lowest' });
    const field = `site-${side}-capacity`;
    const share = connection && !Number.isNaN(connection[0]) ? `${connection[0]} MW` : undefined;
    const own = await this.fields.series(field, 'MW', { precedence: 'lowest', capacity: share });
    const breach = await this.breachPrice(`site-${side}-breach-price`, 'MW');
    const unlimited = (mw: Float64Array | undefined) =>
      mw?.map((one) => (Number.isNaN(one) ? Infinity : one));
    const [mw, atMostMw] = [unlimited(own), unlimited(connection)];
    for (const [name, series] of [
      [field, mw],
      ['site-power-capacity', atMostMw],
    ] as const) {
      // prettier-ignore
      if (series?.some((one) => one < 0)) throw flexError(name, 'a capacity is not negative.');
    }
    if (!mw) return atMostMw && { mw: atMostMw };
    return { mw, hardLimitMw: atMostMw, breach };
  }

  private async peak(side: Side): Promise<Peak | undefined> {
    const field = `site-peak-${side}-price`;
    const quantity = this.fields.quantity(field);
    if (!quantity) return undefined;
    const unit = await this.priceUnit(quantity, field, 'MW');
    const already = this.fields.fixed(`site-peak-${side}`, 'MW') ?? 0;
    if (already < 0) throw flexError(`site-peak-${side}`, 'a peak is not negative.');
    return { previousMw: already, pricePerMw: this.fields.fixed(field, unit)! };
  }

  /**
   * A price per MW (per MWh of stock) counts for the highest breach in the window, and again for every breach and
   * hour, so that breaches end early; a price per that and hour (per MWh, for a power) for every breach and hour alone.
   */
  private async breachPrice(field: string, per: 'MW' | 'MWh'): Promise<BreachPrice | undefined> {
    const quantity = this.fields.quantity(field);
    if (!quantity) return undefined;
    const given = await this.unitOfQuantity(quantity, field);
    const currency = given.slice(0, given.indexOf('/')).trim();
    const isLasting = isCurrency(currency) && sameDimension(given, `${currency}/(${per}*h)`);
    const unit = await this.priceUnit(quantity, field, isLasting ? `(${per}*h)` : per);
    const price = this.fields.fixed(field, unit)!;
    if (price < 0) throw flexError(field, 'a price of breaking a limit is not negative.');
    return isLasting ? { perHour: price } : { highest: price, perHour: price };
  }
}
