import { DomainError, errorMessage } from '#lib/errors';
import { isCurrency, parseQuantity, sameDimension } from '#lib/units';
import { fillPrices } from '../../..';
import type { Series } from '../../../problem/stock';
import type { FlexFieldOfType } from '../../fields';
import { flexError } from '../../flex-error';
import type { VariableQuantity } from '../../values/variable-quantity';
import type { FlexReader } from '../flex-reader';

/** The currency of several flex-contexts. */
export interface SharedCurrency {
  currency?: string;
}

/** Unit of a sensor. @param field that refers to the sensor, for errors */
export type UnitOfSensor = (sensorId: number, field: string) => Promise<string>;

/** A field of a flex-context with a price that may change over time. */
export type PriceField = FlexFieldOfType<'flex-context', 'variable-price'>;

/** Reads prices of a flex-context: their units, and one number per step. */
export class PriceReader {
  /** @param shared currency of all prices, known after the first one */
  constructor(
    private readonly reader: FlexReader<'flex-context'>,
    private readonly unitOfSensor: UnitOfSensor,
    private readonly shared: SharedCurrency,
  ) {}

  /** The currency of all prices; undefined before the first price was read. */
  get currency(): string | undefined {
    return this.shared.currency;
  }

  /**
   * Prices in a unit, one per step; those that are unknown are filled.
   *
   * @param what warnings call the prices
   * @returns undefined if none is known in the window
   */
  async filled(
    quantity: VariableQuantity,
    path: string,
    unit: string,
    what: string,
  ): Promise<Float64Array | undefined> {
    const known = await this.reader.seriesOf(quantity, path, unit);
    if (this.reader.isUnreadQuantity(quantity)) return known;
    const filled = fillPrices(known, what);
    if (filled.status === 'UNKNOWN_PRICES') return undefined;
    for (const warning of filled.warnings) this.reader.sources.warn(warning);
    return filled.prices;
  }

  /**
   * The price of a field that must not be negative: a number if it does not change over time. If it is unknown, the field does
   * not count, with a warning.
   */
  async ofField(name: PriceField, quantity: VariableQuantity, unit: string): Promise<Series | undefined> {
    const filled = await this.filled(quantity, name, unit, name);
    if (!filled) {
      const where = quantity.kind === 'sensor' ? ` (sensor ${quantity.sensorId})` : '';
      this.reader.sources.warn(`No prices of ${name}${where} known: it was ignored.`);
      return undefined;
    }
    const prices = this.reader.toRange(name, filled);
    return quantity.kind === 'fixed' ? prices[0]! : prices;
  }

  /**
   * The unit `currency/per` of a price. All prices must be in one currency, or all be emissions of CO2.
   * @throws DomainError INVALID_UNIT naming the path
   */
  async unit(quantity: VariableQuantity, path: string, per: string): Promise<string> {
    const unit = await this.givenUnit(quantity, path);
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

  /** The unit in which a price is given. @throws DomainError FLEX_MODEL_INVALID */
  async givenUnit(quantity: VariableQuantity, path: string): Promise<string> {
    if (quantity.kind === 'sensor') return this.unitOfSensor(quantity.sensorId, path);
    const text = quantity.kind === 'fixed' ? quantity.text : quantity.entries[0]?.text;
    if (text === undefined) throw flexError(path, 'at least one price is needed.');
    try {
      return parseQuantity(text).unit;
    } catch (error) {
      throw flexError(path, errorMessage(error));
    }
  }
}

/**
 * The currency of a unit such as `EUR/MWh`, or `kgCO2` of `kgCO2/MWh`; undefined if the unit is not that of a price or of
 * emissions.
 */
export function currencyOf(unit: string): string | undefined {
  const currency = unit.slice(0, unit.indexOf('/')).trim();
  const isPriced = isCurrency(currency) || sameDimension(currency, 'kgCO2');
  return unit.includes('/') && isPriced ? currency : undefined;
}
