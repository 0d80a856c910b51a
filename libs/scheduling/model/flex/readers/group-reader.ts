import type { BreachPrice, Capacity, DeviceGroup } from '../..';
import type { FlexReader } from './flex-reader';
import { readCapacity } from './storage-reader';

/** Currency per MW at which the capacities of a group for one direction can be exceeded, also for each hour. */
const BREACH_PER_MW = 10_000_000;
const BREACH: BreachPrice = { highest: BREACH_PER_MW, perHour: BREACH_PER_MW };

/**
 * Reads the limits of a group: `power-capacity` is hard, capacities for one direction can be exceeded at a price.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readGroup(
  reader: FlexReader<'flex-model'>,
): Promise<Pick<DeviceGroup, 'consumptionCapacity' | 'productionCapacity'>> {
  const powerMw = await reader.series('power-capacity');
  const hardLimitMw = powerMw && unlimitedWhereUnknown(powerMw);
  const capacity = async (side: 'consumption' | 'production'): Promise<Capacity | undefined> => {
    const mw = await readCapacity(reader, `${side}-capacity`, powerMw, Infinity);
    if (!mw) return hardLimitMw && { mw: hardLimitMw, hardLimitMw };
    return { mw: unlimitedWhereUnknown(mw), hardLimitMw, breach: BREACH };
  };
  return {
    consumptionCapacity: await capacity('consumption'),
    productionCapacity: await capacity('production'),
  };
}

const unlimitedWhereUnknown = (mw: Float64Array): Float64Array =>
  mw.map((limit) => (Number.isNaN(limit) ? Infinity : limit));
