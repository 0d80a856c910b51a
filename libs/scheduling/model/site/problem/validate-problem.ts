import type { Series } from '../../problem/stock';
import { assertWellFormed } from '../../problem/well-formed';
import { storageView } from './prepared-site';
import type { BreachPrice, Capacity, Peak, SiteDevice, SiteProblem, SocBound } from './site-problem';

/**
 * Refuses input that no caller should pass. Constraints that exclude each other are not meant: they lead to a fallback.
 *
 * @throws RangeError naming the field
 */
export function assertValidProblem(problem: SiteProblem): void {
  const { steps, stepHours, consumptionPrices, productionPrices } = problem;
  demand(Number.isInteger(steps) && steps >= 1, 'steps', 'a whole number of at least 1');
  demand(Number.isFinite(stepHours) && stepHours > 0, 'stepHours', 'above 0');
  demandSeries(steps, consumptionPrices, 'consumptionPrices', Number.isFinite);
  demandSeries(steps, productionPrices, 'productionPrices', Number.isFinite);
  demandCapacity(steps, problem.consumptionCapacity, 'consumptionCapacity');
  demandCapacity(steps, problem.productionCapacity, 'productionCapacity');
  demandPeak(problem.consumptionPeak, 'consumptionPeak');
  demandPeak(problem.productionPeak, 'productionPeak');
  const names = new Set(problem.devices.map(({ name }) => name));
  demand(names.size === problem.devices.length, 'devices', 'of different names');
  for (const device of problem.devices) demandDevice(problem, device);
}

function demandDevice(problem: SiteProblem, device: SiteDevice): void {
  const { steps } = problem;
  switch (device.kind) {
    case 'storage':
      demandCapacity(steps, device.consumptionCapacity, 'consumptionCapacity');
      demandCapacity(steps, device.productionCapacity, 'productionCapacity');
      demandSocBound(steps, device.socMinima, 'socMinima');
      demandSocBound(steps, device.socMaxima, 'socMaxima');
      assertWellFormed(storageView(problem, device, problem.consumptionPrices));
      break;
    case 'process':
      demand(
        Number.isInteger(device.durationSteps) && device.durationSteps >= 1,
        'durationSteps',
        'at least 1',
      );
      demand(Number.isFinite(device.powerMw), 'powerMw', 'a number');
      demand((device.forbidden?.length ?? steps) === steps, 'forbidden', 'one entry per step');
      break;
    case 'curtailable':
      demandSeries(steps, device.forecastMw, 'forecastMw', isAmount);
      break;
    case 'inflexible':
      demandSeries(steps, device.powerMw, 'powerMw', Number.isFinite);
  }
}

const isAmount = (value: number) => value >= 0;
const isFiniteAmount = (value: number) => Number.isFinite(value) && value >= 0;

function demandCapacity(steps: number, capacity: Capacity | undefined, field: string): void {
  if (!capacity) return;
  demandSeries(steps, capacity.mw, field, isAmount);
  demandSeries(steps, capacity.hardLimitMw, field, isAmount);
  demandBreach(steps, capacity.breach, field);
}

function demandSocBound(steps: number, bound: SocBound | undefined, field: string): void {
  if (!bound) return;
  demandSeries(steps, bound.mwh, field, () => true);
  demandBreach(steps, bound.breach, field);
}

function demandBreach(steps: number, breach: BreachPrice | undefined, field: string): void {
  demandSeries(steps, breach?.highest, `${field} breach price`, isFiniteAmount);
  demandSeries(steps, breach?.perHour, `${field} breach price`, isFiniteAmount);
}

function demandPeak(peak: Peak | undefined, field: string): void {
  if (peak) demand(isFiniteAmount(peak.pricePerMw) && isFiniteAmount(peak.previousMw), field, 'not negative');
}

function demandSeries(
  steps: number,
  value: Series | undefined,
  field: string,
  isValid: (value: number) => boolean,
): void {
  if (value === undefined) return;
  if (typeof value === 'number') {
    demand(isValid(value), field, 'a valid number');
    return;
  }
  demand(value.length === steps, field, `one number for each of the ${steps} steps`);
  demand(value.every(isValid), field, 'valid numbers only');
}

function demand(condition: boolean, field: string, expectation: string): void {
  if (!condition) throw new RangeError(`${field} must be ${expectation}.`);
}
