import type { SiteProblem, StorageDevice } from './site-problem';

/** Whether a site with this storage pays for anything but energy: for peaks, or for breaking limits. */
export function hasPricedLimits(problem: SiteProblem, device: StorageDevice): boolean {
  const { consumptionCapacity, productionCapacity, socMinima, socMaxima } = device;
  const limits = [
    problem.consumptionCapacity,
    problem.productionCapacity,
    consumptionCapacity,
    productionCapacity,
    socMinima,
    socMaxima,
  ];
  const hasPeaks = problem.consumptionPeak !== undefined || problem.productionPeak !== undefined;
  return hasPeaks || limits.some((limit) => limit?.breach);
}
