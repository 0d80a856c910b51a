import type { Solver } from '#lib/solver/model';
import { stepLimits } from '../../problem/step-limits';
import type { StorageProblem } from '../../problem/storage-problem';
import { toStockProblem } from '../../stock/stock-problem';
import { explainStorage } from '../../storage/explain-storage';
import { fallbackSchedule } from '../../storage/fallback-schedule';
import { scheduleStorage } from '../../storage/schedule-storage';
import { limitNames } from '../problem/limit-names';
import { hasPrices } from '../problem/priced-limits';
import { hardLimit, storageView } from '../problem/site-frame';
import type { SiteProblem, SiteSchedule, StorageDevice } from '../problem/site-problem';
import { describeSite } from './describe-site';
import type { Limits } from './optimise';
import { asFallback } from './relaxed-site';

/**
 * The schedule of a site with one storage and otherwise given power, by the storage's own scheduler, which is exact.
 * Where the limits that may not be broken at a price exclude each other: full power towards the first target or the
 * violated bound, see fallbackSchedule.
 *
 * @returns undefined for other sites, and where limits may be broken at a price or peaks are paid for
 */
export async function scheduleLone(
  problem: SiteProblem,
  solver: Solver,
  { deadlineMs }: Pick<Limits, 'deadlineMs'>,
): Promise<SiteSchedule | undefined> {
  const device = loneStorage(problem);
  if (!device) return undefined;
  const view = loneView(problem, device);
  if (hasPrices(problem, device)) return scheduleImpossible(problem, device, view);
  const timeLimitMs = Math.max(1, deadlineMs - performance.now());
  const { unroundedPowerMw, method, gap, fallback, warnings } = await scheduleStorage(view, solver, {
    timeLimitMs,
  });
  if (fallback) return fallBack(problem, device, view, unroundedPowerMw);
  const optimum = {
    powers: powersWith(problem, unroundedPowerMw),
    method: method === 'dynamic-programming' ? ('exact' as const) : ('lp' as const),
    gap,
  };
  return { ...describeSite(problem, optimum, Infinity), warnings };
}

/** The fallback where not even limits without a price can be kept. */
function scheduleImpossible(
  problem: SiteProblem,
  device: StorageDevice,
  view: StorageProblem,
): SiteSchedule | undefined {
  const limits = stepLimits(view);
  const infeasibility = toStockProblem(view, limits);
  if (!('kind' in infeasibility)) return undefined;
  return fallBack(problem, device, view, fallbackSchedule(view, limits, infeasibility));
}

function fallBack(
  problem: SiteProblem,
  device: StorageDevice,
  view: StorageProblem,
  power: Float64Array,
): SiteSchedule {
  const powers = powersWith(problem, power);
  const schedule = describeSite(problem, { powers, method: 'fallback', gap: NaN }, Infinity);
  return asFallback(problem, schedule, explainStorage(view, device.name, limitNames(device)));
}

/** By device: the storage's power, and what is given. */
const powersWith = ({ devices }: SiteProblem, power: Float64Array): Float64Array[] =>
  devices.map((one) => (one.kind === 'inflexible' ? one.powerMw : power));

function loneStorage({ devices }: SiteProblem): StorageDevice | undefined {
  const [only, ...others] = devices.filter(({ kind }) => kind !== 'inflexible');
  return only?.kind === 'storage' && others.length === 0 ? only : undefined;
}

/** The storage with what the site leaves it. */
function loneView(problem: SiteProblem, device: StorageDevice): StorageProblem {
  const inflexiblePowerMw = new Float64Array(problem.steps);
  for (const one of problem.devices) {
    if (one.kind === 'inflexible') one.powerMw.forEach((mw, t) => (inflexiblePowerMw[t]! += mw));
  }
  return {
    ...storageView(problem, device, problem.consumptionPrices),
    productionPrices: problem.productionPrices,
    inflexiblePowerMw,
    siteConsumptionCapacityMw: hardLimit(problem.consumptionCapacity),
    siteProductionCapacityMw: hardLimit(problem.productionCapacity),
  };
}
