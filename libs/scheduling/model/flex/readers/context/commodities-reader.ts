import type { Capacity, Commodity } from '../../..';
import { withDevicePath, flexError } from '../../flex-error';
import { isRecord } from '../../values/variable-quantity';
import { FlexReader } from '../flex-reader';
import type { FlexSources } from '../flex-sources';
import type { BreachPrices } from './breach-price-reader';
import { ContextReader } from './context-reader';
import type { SharedCurrency, UnitOfSensor } from './price-reader';

type Fields = Readonly<Record<string, unknown>>;

/** Name of the commodity of devices and contexts without one. */
export const ELECTRICITY = 'electricity';

/** The commodity that a context or a commitment names; undefined for electricity. */
export const commodityIn = ({ commodity }: Fields): string | undefined =>
  typeof commodity === 'string' && commodity !== ELECTRICITY ? commodity : undefined;

/** The flex-context of one commodity. */
export interface CommodityContext {
  commodity: string;
  fields: Fields;
  /** Path of its fields, such as `commodities.1.`; empty for fields beside the list. */
  path: string;
}

/**
 * Divides a flex-context into that of electricity and those of other commodities.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function splitCommodities(flexContext: Fields): { electricity: Fields; others: CommodityContext[] } {
  const { commodities = [], commodity = ELECTRICITY, ...beside } = flexContext;
  if (commodity !== ELECTRICITY)
    throw flexError('commodity', 'only electricity is possible outside of `commodities`.');
  if (!Array.isArray(commodities)) throw flexError('commodities', 'Not a valid list.');
  let electricity: Fields = beside;
  const others: CommodityContext[] = [];
  const seen = new Set<string>();
  for (const [i, one] of (commodities as unknown[]).entries()) {
    const path = `commodities.${i}`;
    if (!isRecord(one)) throw flexError(path, 'Not a valid mapping.');
    const { commodity: name = ELECTRICITY, ...fields } = one;
    if (typeof name !== 'string' || name.trim() === '')
      throw flexError(`${path}.commodity`, 'a name is needed.');
    if (seen.has(name)) throw flexError(`${path}.commodity`, `${name} is in the list twice.`);
    seen.add(name);
    if (fields['commodities'] !== undefined) throw flexError(`${path}.commodities`, 'Unknown field.');
    if (name === ELECTRICITY) electricity = { ...beside, ...fields };
    else others.push({ commodity: name, fields: { ...relaxFlagsIn(beside), ...fields }, path: `${path}.` });
  }
  return { electricity, others };
}

/** Flags that hold for all commodities, unless the context of one has its own. */
const relaxFlagsIn = (flexContext: Fields): Fields =>
  Object.fromEntries(Object.entries(flexContext).filter(([name]) => name.startsWith('relax-')));

/** A commodity, the reader of its flex-context, and prices of exceeding limits of its devices. */
export interface ReadCommodity {
  commodity: Commodity;
  context: ContextReader;
  reader: FlexReader<'flex-context'>;
  path: string;
  breachPrices: BreachPrices;
}

/**
 * Reads the connection of a commodity besides electricity. Without prices and capacities, it is an internal node. A price for
 * one direction only is a connection in that direction only; a capacity without a price is a connection at no cost.
 * @throws DomainError naming the field
 */
export async function readCommodity(
  { commodity: name, fields, path }: CommodityContext,
  sources: FlexSources,
  unitOfSensor: UnitOfSensor,
  currency: SharedCurrency,
): Promise<ReadCommodity> {
  const reader = new FlexReader(fields, {}, sources, 'flex-context');
  const context = new ContextReader(reader, unitOfSensor, currency);
  try {
    if (reader.has('inflexible-device-sensors'))
      throw flexError('inflexible-device-sensors', 'use inflexible-consumption or inflexible-production.');
    const { consumptionPrices, productionPrices } = await context.separatePrices();
    const limits = await context.limits();
    const breachPrices = await context.breachPrices();
    const { steps } = sources.window;
    const none = new Float64Array(steps);
    const has = (side: 'consumption' | 'production'): boolean =>
      reader.has(`${side}-price`) ||
      reader.has(`${side}-price-sensor`) ||
      reader.has(`site-${side}-capacity`);
    const isConnected = reader.has('site-power-capacity') || has('consumption') || has('production');
    const isOneWay = has('consumption') !== has('production');
    const isClosed = (side: 'consumption' | 'production') => !isConnected || (isOneWay && !has(side));
    const closed: Capacity = isConnected ? { mw: 0 } : { mw: 0, hardLimitMw: 0 };
    const commodity: Commodity = {
      ...limits,
      name,
      isInternal: !isConnected,
      consumptionPrices: consumptionPrices ?? none,
      productionPrices: productionPrices ?? none,
      ...(isClosed('consumption') ? { consumptionCapacity: closed } : {}),
      ...(isClosed('production') ? { productionCapacity: closed } : {}),
    };
    return { commodity, context, reader, path, breachPrices };
  } catch (error) {
    throw withDevicePath(error, path);
  }
}
