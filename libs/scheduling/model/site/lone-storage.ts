import { explainStorage } from '../explain-storage';
import { fallbackSchedule } from '../fallback-schedule';
import { stepLimits } from '../step-limits';
import { toStockProblem } from '../stock-problem';
import type { StorageProblem } from '../storage-problem';
import { describeSite } from './describe-site';
import { limitNames } from './limit-names';
import { asFallback } from './relaxed-site';
import { hardLimit, storageView } from './site-frame';
import type { SiteProblem, SiteSchedule, StorageDevice } from './site-problem';

/**
 * The fallback of a site with one storage and otherwise given power, where the limits that may not be broken at a price
 * exclude each other: full power towards the first target or the violated bound, see fallbackSchedule.
 *
 * @returns undefined for other sites, and where there is a schedule
 */
export function scheduleImpossibleLone(problem: SiteProblem): SiteSchedule | undefined {
  const device = loneStorage(problem);
  if (!device) return undefined;
  const view = loneView(problem, device);
  const limits = stepLimits(view);
  const infeasibility = toStockProblem(view, limits);
  if (!('kind' in infeasibility)) return undefined;
  const power = fallbackSchedule(view, limits, infeasibility);
  const powers = problem.devices.map((one) => (one.kind === 'inflexible' ? one.powerMw : power));
  const schedule = describeSite(problem, { powers, method: 'fallback', gap: NaN }, Infinity);
  return asFallback(problem, schedule, explainStorage(view, device.name, limitNames(device)));
}

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
