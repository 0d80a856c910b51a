import type { BreachPrice, Capacities, Capacity } from '../..';
import { capacityWithin } from './capacity-within';
import type { FlexReader } from './flex-reader';
import { readCapacity } from './storage-reader';

/**
 * Reads the limits of a group: `power-capacity` is hard, and so are capacities for one direction without a price.
 *
 * @param breach price of exceeding the capacities for one direction
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readGroup(
  reader: FlexReader<'flex-model'>,
  breach: BreachPrice | undefined,
): Promise<Capacities> {
  const powerMw = await reader.series('power-capacity');
  const capacity = async (side: 'consumption' | 'production'): Promise<Capacity | undefined> => {
    const mw = await readCapacity(reader, `${side}-capacity`, powerMw, Infinity);
    return capacityWithin(powerMw, mw, breach);
  };
  return {
    consumptionCapacity: await capacity('consumption'),
    productionCapacity: await capacity('production'),
  };
}
