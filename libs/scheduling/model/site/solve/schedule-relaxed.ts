import type { Solver } from '#lib/solver/model';
import type { Conflict } from '../../conflicts/conflict';
import { type Series, valueAt } from '../../problem/stock';
import { explainMissedLimits } from '../explain/explain-missed-limits';
import { prepareSite } from '../problem/prepared-site';
import { allowedStarts, allowedSteps } from '../problem/process-runs';
import type {
  Capacity,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  SiteSchedule,
  SocBound,
  StorageDevice,
} from '../problem/site-problem';
import { hardLimit } from '../problem/storage-view';
import { optimiseSite } from './optimise-site';
import type { SearchLimits } from './optimum';
import { toFallback } from './site-schedule';

/**
 * A fallback schedule for a site whose constraints cannot all be met. It violates bounds of stocks and capacities of the
 * site by as little energy and power as possible. It keeps power limits of devices; processes without enough time do not
 * run.
 *
 * @param deviceConflicts conflicts that devices have on their own
 */
export async function scheduleRelaxed(
  problem: SiteProblem,
  solver: Solver,
  deviceConflicts: Conflict[],
  limits: SearchLimits,
): Promise<SiteSchedule> {
  const site = prepareSite(relax(problem));
  const optimum = site && (await optimiseSite(site, solver, limits));
  if (!optimum) return toFallback(problem, idlePowers(problem), deviceConflicts);
  // A device with conflicts of its own misses limits in this schedule too: its own conflicts explain them.
  const explained = new Set(deviceConflicts.map(({ device }) => device));
  const others = explainMissedLimits(problem, optimum.powers).filter(
    ({ device }) => device === undefined || !explained.has(device),
  );
  return toFallback(problem, optimum.powers, [...deviceConflicts, ...others]);
}

const idlePowers = ({ steps, devices }: SiteProblem): Float64Array[] =>
  devices.map((device) => (device.kind === 'inflexible' ? device.powerMw : new Float64Array(steps)));

/** Puts a price on all bounds of stocks and capacities of the site that exceeds all possible gains. */
function relax(problem: SiteProblem): SiteProblem {
  const price = 1000 * highestPrice(problem);
  return {
    ...problem,
    consumptionCapacity: relaxCapacity(problem.consumptionCapacity, price),
    productionCapacity: relaxCapacity(problem.productionCapacity, price),
    devices: problem.devices.map((device) => relaxDevice(problem, device, price)),
  };
}

function highestPrice({ consumptionPrices, productionPrices }: SiteProblem): number {
  let highest = 1;
  for (const prices of [consumptionPrices, productionPrices]) {
    for (const price of prices) highest = Math.max(highest, Math.abs(price));
  }
  return highest;
}

/** If a capacity has a price and a hard limit above it, the new price applies from the capacity on. */
function relaxCapacity(capacity: Capacity | undefined, price: number): Capacity | undefined {
  return capacity && { mw: lowestLimit(capacity), breach: { perHour: price } };
}

const lowestLimit = (capacity: Capacity): Series => (capacity.breach ? capacity.mw : hardLimit(capacity));

function relaxDevice(problem: SiteProblem, device: SiteDevice, price: number): SiteDevice {
  if (device.kind === 'process') return relaxProcess(problem, device);
  if (device.kind !== 'storage') return device;
  const bounds = boundsWithTargets(problem, device);
  return {
    ...device,
    socMinMwh: -Infinity,
    socMaxMwh: Infinity,
    socTargets: undefined,
    socMinima: { mwh: bounds.min, breach: { perHour: price } },
    socMaxima: { mwh: bounds.max, breach: { perHour: price } },
  };
}

/** Shortens a process to the steps that it has. One that must run without breaks does not run if it has too few. */
function relaxProcess({ steps }: SiteProblem, device: ProcessDevice): SiteDevice {
  if (device.type === 'BREAKABLE') {
    return { ...device, durationSteps: Math.min(device.durationSteps, allowedSteps(device, steps).length) };
  }
  if (allowedStarts(device, steps).length > 0) return device;
  return { kind: 'inflexible', id: device.id, powerMw: new Float64Array(steps) };
}

/** Bounds of the stock in MWh at the end of each step: soc-min, soc-max, minima and maxima, or a target instead. */
function boundsWithTargets({ steps }: SiteProblem, device: StorageDevice) {
  const min = new Float64Array(steps);
  const max = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    min[t] = Math.max(valueAt(device.socMinMwh, t), boundAt(device.socMinima, t) ?? -Infinity);
    max[t] = Math.min(valueAt(device.socMaxMwh, t), boundAt(device.socMaxima, t) ?? Infinity);
  }
  for (const { step, socMwh } of device.socTargets ?? []) {
    if (step > 0) min[step - 1] = max[step - 1] = socMwh;
  }
  return { min, max };
}

function boundAt(bound: SocBound | undefined, t: number): number | undefined {
  const mwh = bound?.mwh[t];
  return mwh === undefined || Number.isNaN(mwh) ? undefined : mwh;
}
