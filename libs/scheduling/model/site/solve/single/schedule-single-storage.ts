import type { Solver } from '#lib/solver/model';
import { type Infeasibility, isInfeasible } from '../../../problem/reachable-stock';
import { stepLimits } from '../../../problem/step-limits';
import { toStockProblem } from '../../../stock/stock-problem';
import { fallbackSchedule } from '../../../storage/fallback-schedule';
import { explainStorage } from '../../explain/explain-storage';
import { metersOf } from '../../problem/meters';
import { paysForEnergyOnly } from '../../problem/priced-limits';
import type { SiteProblem, SiteSchedule, StorageDevice } from '../../problem/site-problem';
import { storageBehindConnection } from '../../problem/storage-view';
import { leastBreach } from '../breach/least-breach';
import { optimiseSingleStorage } from './optimise-single-storage';
import type { SearchLimits } from '../optimum';
import { toFallback, toSiteSchedule } from '../site-schedule';

/**
 * Schedules a site with one storage and inflexible devices, exactly. If its hard limits cannot all be met, the fallback
 * breaks them as little as possible (see leastBreach), and the conflicts are exact.
 *
 * @returns undefined for other sites, and for sites with peaks or limits with a price unless hard limits cannot be met
 */
export async function scheduleSingleStorage(
  problem: SiteProblem,
  solver: Solver,
  limits: SearchLimits,
): Promise<SiteSchedule | undefined> {
  const device = findSingleStorage(problem);
  if (!device) return undefined;
  const storage = storageBehindConnection(problem, device, inflexiblePower(problem));
  const { deadlineMs, acceptedGap } = limits;
  const fallback = async (infeasibility: Infeasibility) => {
    const found = await leastBreach(problem, solver, limits);
    const powers = found ?? powersWith(problem, fallbackSchedule(storage, infeasibility));
    return toFallback(problem, powers, explainStorage(storage, device));
  };
  if (!paysForEnergyOnly(problem, device)) {
    const stockProblem = toStockProblem(storage, stepLimits(storage));
    return isInfeasible(stockProblem) ? fallback(stockProblem) : undefined;
  }
  const optimum = await optimiseSingleStorage(storage, solver, deadlineMs);
  if (isInfeasible(optimum)) return fallback(optimum);
  const { powerMw, method, gap } = optimum;
  return toSiteSchedule(problem, { powers: powersWith(problem, powerMw), method, gap }, acceptedGap);
}

/** The only device of a site that is not inflexible, if it is a storage at its connection. */
function findSingleStorage(problem: SiteProblem): StorageDevice | undefined {
  const [only, ...others] = problem.devices.filter(({ kind }) => kind !== 'inflexible');
  if (only?.kind !== 'storage' || others.length > 0 || only.modes) return undefined;
  return metersOf(problem).length === 1 ? only : undefined;
}

function inflexiblePower({ devices, steps }: SiteProblem): Float64Array {
  const sum = new Float64Array(steps);
  for (const device of devices) {
    if (device.kind === 'inflexible') for (let t = 0; t < steps; t++) sum[t]! += device.powerMw[t]!;
  }
  return sum;
}

/** By device: the power of the storage, and the power of the inflexible devices. */
const powersWith = ({ devices }: SiteProblem, powerMw: Float64Array): Float64Array[] =>
  devices.map((device) => (device.kind === 'inflexible' ? device.powerMw : powerMw));
