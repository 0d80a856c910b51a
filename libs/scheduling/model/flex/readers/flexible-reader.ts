import type { FlexibleDevice, StockLink } from '../..';
import { flexError } from '../flex-error';
import { forbiddenDirections } from '../sign';
import type { BreachPrices } from './context/breach-price-reader';
import type { FlexReader } from './flex-reader';
import { readModes } from './modes-reader';
import { readCapacity, readEfficiency } from './storage-reader';

type ModelReader = FlexReader<'flex-model'>;

/** What is known of a flexible device besides its flex-model and attributes. */
interface FlexibleTraits {
  id: string;
  /** Whether it only ever consumes, whatever capacities say. */
  neverProduces?: boolean;
  /** Id of the storage that it shares with other devices; undefined if it has none. */
  stockId?: string;
}

/**
 * Reads a device whose power can be chosen: a port of a converter, a device that shares a storage, or one with operation modes.
 * With a capacity for one direction only and without a `power-capacity`, it has only that direction.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readFlexible(
  { id, neverProduces = false, stockId }: FlexibleTraits,
  reader: ModelReader,
  breachPrices: BreachPrices,
): Promise<FlexibleDevice> {
  const modes = readModes(reader);
  const powerMw = await reader.series('power-capacity');
  const consumption = await readCapacity(reader, 'consumption-capacity', powerMw);
  const production = await readCapacity(reader, 'production-capacity', powerMw);
  if (!powerMw && !consumption && !production && !modes)
    throw flexError(
      'power-capacity',
      'a power-capacity, consumption-capacity or production-capacity is needed.',
    );
  const isUnlimited = !powerMw && !consumption && !production;
  const otherwise = isUnlimited ? Infinity : 0;
  const forbidden = forbiddenDirections(reader.attributes);
  const isOneWay = { consumption: !powerMw && !consumption, production: !powerMw && !production };
  const limitOf = (mw: Float64Array | undefined, isNone: boolean) =>
    isNone ? otherwise : (powerMw ?? mw ?? otherwise);
  // A direction that has no capacity at any time is one that the device does not have.
  const capacity = (mw: Float64Array | undefined, side: 'consumption' | 'production') =>
    mw && powerMw ? { mw, breach: mw.some((one) => one !== 0) ? breachPrices[side] : undefined } : undefined;
  return {
    kind: 'flexible',
    id,
    consumptionMaxMw: forbidden.consumption ? 0 : limitOf(consumption, isOneWay.consumption),
    productionMaxMw: forbidden.production || neverProduces ? 0 : limitOf(production, isOneWay.production),
    consumptionCapacity: capacity(consumption, 'consumption'),
    productionCapacity: capacity(production, 'production'),
    modes,
    stock: stockId === undefined ? undefined : await readStockLink(reader, stockId),
    preferRunningSooner: reader.flag('prefer-charging-sooner'),
  };
}

async function readStockLink(reader: ModelReader, id: string): Promise<StockLink> {
  return {
    id,
    roundtripEfficiency: reader.fixed('roundtrip-efficiency') ?? 1,
    chargingEfficiency: await readEfficiency(reader, 'charging-efficiency'),
    dischargingEfficiency: await readEfficiency(reader, 'discharging-efficiency'),
  };
}
