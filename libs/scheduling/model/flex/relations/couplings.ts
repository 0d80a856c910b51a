import type { Coupling, SiteDevice } from '../..';
import { valueAt } from '../../problem/stock';
import { flexError } from '../flex-error';

/** An entry that is a port of a converter. */
export interface PortEntry {
  id: string;
  /** Path of the entry, such as `flex-model.1.`. */
  path: string;
  /** Name of the converter. */
  name: string;
  /** Above 0. */
  coefficient: number;
}

/**
 * Finds converters: ports with the same name. A port that can only produce has a negative coefficient.
 * @param devices of the entries, with their limits
 * @throws DomainError FLEX_MODEL_INVALID naming the field of a port that has no direction
 */
export function findCouplings(entries: readonly PortEntry[], devices: readonly SiteDevice[]): Coupling[] {
  const byName = new Map<string, { device: string; coefficient: number }[]>();
  for (const { id, path, name, coefficient } of entries) {
    const device = devices.find((one) => one.id === id);
    if (device?.kind !== 'flexible') continue;
    const sign = directionOf(device, `${path}coupling`);
    byName.set(name, [...(byName.get(name) ?? []), { device: id, coefficient: sign * coefficient }]);
  }
  return [...byName].map(([name, ports]) => ({ name, ports }));
}

function directionOf(device: SiteDevice & { kind: 'flexible' }, field: string): 1 | -1 {
  const isPossible = (mw: number | Float64Array, capacity: { mw: number | Float64Array } | undefined) => {
    const highest = (series: number | Float64Array) =>
      typeof series === 'number' ? series : series.reduce((most, one) => Math.max(most, one), 0);
    return highest(mw) > 0 && (capacity === undefined || highest(capacity.mw) > 0);
  };
  const consumes = isPossible(device.consumptionMaxMw, device.consumptionCapacity);
  const produces = isPossible(device.productionMaxMw, device.productionCapacity);
  if (consumes && produces && !isOneWay(device))
    throw flexError(field, 'a port needs either a consumption-capacity or a production-capacity, not both.');
  return produces && !consumes ? -1 : 1;
}

/** Whether modes leave one direction only. */
const isOneWay = ({ modes, consumptionMaxMw }: SiteDevice & { kind: 'flexible' }): boolean =>
  valueAt(consumptionMaxMw, 0) === Infinity && (modes ?? []).every(({ lowestMw }) => lowestMw >= 0);
