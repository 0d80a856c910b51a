import { sameDimension } from '#lib/units';
import type { BreachPrice } from '../../..';
import type { FlexReader } from '../flex-reader';
import { currencyOf, type PriceField, type PriceReader } from './price-reader';

/** Prices of exceeding limits of devices and groups; a limit without a price is hard. */
export interface BreachPrices {
  consumption?: BreachPrice;
  production?: BreachPrice;
  socMinima?: BreachPrice;
  socMaxima?: BreachPrice;
  /** Capacities of groups for one direction. */
  group?: BreachPrice;
}

/** Default prices of exceeding relaxed limits, in currency per MW (per MWh of stock). */
const RELAXED_PRICES = {
  'relax-site-capacity-constraints': 10_000_000,
  'relax-soc-constraints': 1_000_000,
  'relax-capacity-constraints': 100_000,
} as const;

/** Reads what it costs to exceed limits: prices of a flex-context, or default prices of limits that are relaxed. */
export class BreachPriceReader {
  constructor(
    private readonly reader: FlexReader<'flex-context'>,
    private readonly prices: PriceReader,
  ) {}

  /** Of the capacity of the site in one direction; undefined if it is hard. @throws DomainError naming the field */
  async ofSite(side: 'consumption' | 'production'): Promise<BreachPrice | undefined> {
    const own = await this.read(`site-${side}-breach-price`);
    return own ?? this.relaxed('relax-site-capacity-constraints');
  }

  /** Prices of exceeding limits of devices and groups. @throws DomainError naming the field */
  async ofDevices(): Promise<BreachPrices> {
    const consumption = await this.read('consumption-breach-price');
    const production = await this.read('production-breach-price');
    const isOwnPriced = consumption !== undefined || production !== undefined;
    const device = isOwnPriced ? undefined : this.relaxed('relax-capacity-constraints');
    const soc = this.relaxed('relax-soc-constraints');
    return {
      consumption: consumption ?? device,
      production: production ?? device,
      socMinima: (await this.read('soc-minima-breach-price')) ?? soc,
      socMaxima: (await this.read('soc-maxima-breach-price')) ?? soc,
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

  /**
   * A price per MW (per MWh of stock) applies to the highest breach in the window, and also to each breach and hour, so
   * that breaches end early. A price per MW and hour, such as EUR/MWh for a power, applies to each breach and hour only.
   */
  private async read(name: PriceField): Promise<BreachPrice | undefined> {
    const quantity = this.reader.quantity(name);
    if (!quantity) return undefined;
    const per = this.reader.unitOf(name);
    const given = await this.prices.givenUnit(quantity, name);
    const currency = currencyOf(given);
    const isPerHour = currency !== undefined && sameDimension(given, `${currency}/(${per}*h)`);
    const unit = await this.prices.unit(quantity, name, isPerHour ? `(${per}*h)` : per);
    const price = await this.prices.ofField(name, quantity, unit);
    if (price === undefined) return undefined;
    return isPerHour ? { perHour: price } : { highest: price, perHour: price };
  }
}
