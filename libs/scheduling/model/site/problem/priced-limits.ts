import type { SiteProblem, StorageDevice } from './site-problem';

/** Whether limits of a storage may be exceeded at a price. */
export const hasPricedLimits = (device: StorageDevice): boolean =>
  [device.consumptionCapacity, device.productionCapacity, device.socMinima, device.socMaxima].some(
    (limit) => limit?.breach !== undefined,
  );

/** Whether a site pays for energy only: neither for peaks nor for exceeded limits of its own. */
export function sitePaysForEnergyOnly(problem: SiteProblem): boolean {
  const { consumptionCapacity, productionCapacity, consumptionPeak, productionPeak } = problem;
  const hasPrice = consumptionCapacity?.breach ?? productionCapacity?.breach;
  return !hasPrice && !consumptionPeak && !productionPeak;
}

/** Whether a site with this storage pays for energy only: neither for peaks nor for exceeded limits. */
export const paysForEnergyOnly = (problem: SiteProblem, device: StorageDevice): boolean =>
  sitePaysForEnergyOnly(problem) && !hasPricedLimits(device);
