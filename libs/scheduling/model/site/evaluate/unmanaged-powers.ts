import { powerForStockChange, stockChange, stockWhenIdle, valueAt, type Series } from '../../problem/stock';
import { earliestRun } from '../problem/process-runs';
import type { Capacity, SiteDevice, SiteProblem, StorageDevice } from '../problem/site-problem';

/**
 * What the devices of a site do if nothing schedules them: storages charge at full power until their highest target or minimum
 * is reached, and keep at least that; processes run as early as possible; nothing is curtailed.
 *
 * @returns MW per step, consumption positive, by device; undefined if a device needs others to run, such as a port of a
 *   converter or a device that shares a storage
 */
export function unmanagedPowers(problem: SiteProblem): Float64Array[] | undefined {
  if (problem.devices.some(({ kind }) => kind === 'flexible')) return undefined;
  return problem.devices.map((device) => powerOf(problem, device));
}

function powerOf(problem: SiteProblem, device: SiteDevice): Float64Array {
  switch (device.kind) {
    case 'storage':
      return chargeAtOnce(problem, device);
    case 'process':
      return earliestRun(device, problem.steps);
    case 'curtailable':
      return device.forecastMw.map((power) => -power + 0);
    case 'inflexible':
      return device.powerMw;
    case 'flexible':
      throw new RangeError('A flexible device needs others to run.');
  }
}

function chargeAtOnce({ steps, stepHours }: SiteProblem, storage: StorageDevice): Float64Array {
  const stock = { ...storage, stepHours };
  const goal = highestNeed(storage, steps);
  const power = new Float64Array(steps);
  let soc = storage.socAtStartMwh;
  for (let t = 0; t < steps; t++) {
    const idle = stockWhenIdle(stock, t, soc);
    const room = Math.min(goal, valueAt(storage.socMaxMwh, t)) - idle;
    const wanted = room > 0 ? powerForStockChange(stock, t, room) : 0;
    power[t] = Math.max(0, Math.min(wanted, highestPower(storage, t)));
    soc = idle + stockChange(stock, t, power[t]!);
  }
  return power;
}

/** MWh that the storage must have at some time. */
function highestNeed({ socTargets = [], socMinima, socMinMwh }: StorageDevice, steps: number): number {
  const wanted = [...socTargets.map(({ socMwh }) => socMwh), ...(socMinima?.mwh ?? [])];
  const limit: Series = socMinMwh;
  for (let t = 0; t < steps; t++) wanted.push(valueAt(limit, t));
  return wanted.reduce((highest, one) => (one > highest ? one : highest), 0);
}

const highestPower = ({ chargePowerMaxMw, consumptionCapacity }: StorageDevice, t: number): number =>
  Math.min(valueAt(chargePowerMaxMw, t), limitOf(consumptionCapacity, t));

const limitOf = (capacity: Capacity | undefined, t: number): number =>
  capacity ? valueAt(capacity.mw, t) : Infinity;
