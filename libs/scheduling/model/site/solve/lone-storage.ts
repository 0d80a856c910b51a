import type { Solver } from '#lib/solver/model';
import { stepLimits } from '../../problem/step-limits';
import type { StorageProblem } from '../../problem/storage-problem';
import { toStockProblem } from '../../stock/stock-problem';
import { explainStorage } from '../../storage/explain-storage';
import { fallbackSchedule } from '../../storage/fallback-schedule';
import { scheduleStorage } from '../../storage/schedule-storage';
import { constraintNames } from '../problem/constraint-names';
import { hasPricedLimits } from '../problem/priced-limits';
import { hardLimit, storageView } from '../problem/prepared-site';
import type { SiteProblem, SiteSchedule, StorageDevice } from '../problem/site-problem';
import { toSiteSchedule } from './site-schedule';
import type { SearchLimits } from './optimise-site';
import { markAsFallback } from './schedule-relaxed';

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
  { deadlineMs }: Pick<SearchLimits, 'deadlineMs'>,
): Promise<SiteSchedule | undefined> {
  const device = loneStorage(problem);
  if (!device) return undefined;
  const view = loneView(problem, device);
  if (hasPricedLimits(problem, device)) return scheduleImpossible(problem, device, view);
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
  return { ...toSiteSchedule(problem, optimum, Infinity), warnings };
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
  const schedule = toSiteSchedule(problem, { powers, method: 'fallback', gap: NaN }, Infinity);
  return markAsFallback(problem, schedule, explainStorage(view, device.name, constraintNames(device)));
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
