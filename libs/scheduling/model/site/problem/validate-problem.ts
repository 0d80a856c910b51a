import type { Series } from '../../problem/stock';
import type {
  BreachPrice,
  Capacity,
  Peak,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  SocBound,
  StorageDevice,
} from './site-problem';
import { isolatedStorage } from './storage-view';

/**
 * Refuses input that no caller should pass, such as NaN prices or series of the wrong length. Constraints that cannot
 * all be met are valid input: they lead to a fallback schedule.
 *
 * @throws RangeError naming the field
 */
export function assertValidProblem(problem: SiteProblem): void {
  const { steps, stepHours, consumptionPrices, productionPrices } = problem;
  check(Number.isInteger(steps) && steps >= 1, 'steps', 'a whole number of at least 1');
  check(Number.isFinite(stepHours) && stepHours > 0, 'stepHours', 'above 0');
  checkSeries(steps, consumptionPrices, 'consumptionPrices', Number.isFinite);
  checkSeries(steps, productionPrices, 'productionPrices', Number.isFinite);
  checkCapacity(steps, problem.consumptionCapacity, 'consumptionCapacity');
  checkCapacity(steps, problem.productionCapacity, 'productionCapacity');
  checkPeak(steps, problem.consumptionPeak, 'consumptionPeak');
  checkPeak(steps, problem.productionPeak, 'productionPeak');
  const names = new Set(problem.devices.map(({ id: name }) => name));
  check(names.size === problem.devices.length, 'devices', 'of different names');
  for (const device of problem.devices) checkDevice(problem, device);
}

function checkDevice(problem: SiteProblem, device: SiteDevice): void {
  switch (device.kind) {
    case 'storage':
      checkStorage(problem, device);
      break;
    case 'process':
      checkProcess(problem, device);
      break;
    case 'curtailable':
      checkSeries(problem.steps, device.forecastMw, 'forecastMw', (mw) => mw >= 0);
      break;
    case 'inflexible':
      checkSeries(problem.steps, device.powerMw, 'powerMw', Number.isFinite);
  }
}

function checkStorage(problem: SiteProblem, device: StorageDevice): void {
  const { steps } = problem;
  const { roundtripEfficiency: efficiency, socAtStartMwh, socTargets = [] } = device;
  checkCapacity(steps, device.consumptionCapacity, 'consumptionCapacity');
  checkCapacity(steps, device.productionCapacity, 'productionCapacity');
  checkSocBound(steps, device.socMinima, 'socMinima');
  checkSocBound(steps, device.socMaxima, 'socMaxima');
  check(efficiency > 0 && efficiency <= 1, 'roundtripEfficiency', 'above 0 and at most 1');
  check(Number.isFinite(socAtStartMwh), 'socAtStartMwh', 'a number');
  checkSeries(steps, device.stockInflowMw, 'stockInflowMw', Number.isFinite);
  checkSeries(steps, device.chargingEfficiency, 'chargingEfficiency', isPositive);
  checkSeries(steps, device.dischargingEfficiency, 'dischargingEfficiency', isPositive);
  checkSeries(steps, device.storageEfficiency, 'storageEfficiency', (share) => share > 0 && share <= 1);
  // A capacity may limit power that is unlimited otherwise, and minima or maxima the stock.
  const limits = isolatedStorage(problem, device);
  checkSeries(steps, limits.chargePowerMaxMw, 'chargePowerMaxMw', isFiniteAmount);
  checkSeries(steps, limits.dischargePowerMaxMw, 'dischargePowerMaxMw', isFiniteAmount);
  checkSeries(steps, limits.socMinMwh, 'socMinMwh', Number.isFinite);
  checkSeries(steps, limits.socMaxMwh, 'socMaxMwh', Number.isFinite);
  for (const { step, socMwh } of socTargets) {
    const isInWindow = Number.isInteger(step) && step >= 0 && step <= steps;
    check(isInWindow, 'socTargets', `at a step from 0 to ${steps}`);
    check(Number.isFinite(socMwh), 'socTargets', 'numbers');
  }
}

function checkProcess({ steps }: SiteProblem, process: ProcessDevice): void {
  const { durationSteps, powerMw, forbidden } = process;
  check(Number.isFinite(durationSteps) && durationSteps > 0, 'durationSteps', 'above 0');
  check(Number.isFinite(powerMw), 'powerMw', 'a number');
  check((forbidden?.length ?? steps) === steps, 'forbidden', 'one entry per step');
}

const isPositive = (value: number) => Number.isFinite(value) && value > 0;
const isFiniteAmount = (value: number) => Number.isFinite(value) && value >= 0;

function checkCapacity(steps: number, capacity: Capacity | undefined, field: string): void {
  if (!capacity) return;
  checkSeries(steps, capacity.mw, field, (mw) => mw >= 0);
  checkSeries(steps, capacity.hardLimitMw, field, (mw) => mw >= 0);
  checkBreachPrice(steps, capacity.breach, field);
}

function checkSocBound(steps: number, bound: SocBound | undefined, field: string): void {
  if (!bound) return;
  checkSeries(steps, bound.mwh, field, () => true);
  checkBreachPrice(steps, bound.breach, field);
}

function checkBreachPrice(steps: number, breach: BreachPrice | undefined, field: string): void {
  checkSeries(steps, breach?.highest, `${field} breach price`, isFiniteAmount);
  checkSeries(steps, breach?.perHour, `${field} breach price`, isFiniteAmount);
}

function checkPeak(steps: number, peak: Peak | undefined, field: string): void {
  checkSeries(steps, peak?.pricePerMw, field, isFiniteAmount);
  checkSeries(steps, peak?.previousMw, field, isFiniteAmount);
}

function checkSeries(
  steps: number,
  value: Series | undefined,
  field: string,
  isValid: (value: number) => boolean,
): void {
  if (value === undefined) return;
  if (typeof value === 'number') {
    check(isValid(value), field, 'a valid number');
    return;
  }
  check(value.length === steps, field, `one number for each of the ${steps} steps`);
  check(value.every(isValid), field, 'valid numbers only');
}

function check(condition: boolean, field: string, expectation: string): void {
  if (!condition) throw new RangeError(`${field} must be ${expectation}.`);
}
