import type { StorageProblem } from './storage-problem';

/**
 * Refuses input that no caller should pass. Constraints that contradict each other are not meant: they lead to a
 * fallback schedule.
 *
 * @throws RangeError naming the field
 */
export function assertWellFormed(problem: StorageProblem): void {
  const { steps, stepHours, roundtripEfficiency } = problem;
  demand(Number.isInteger(steps) && steps >= 1, 'steps', 'a whole number of at least 1');
  demand(Number.isFinite(stepHours) && stepHours > 0, 'stepHours', 'above 0');
  demand(roundtripEfficiency > 0 && roundtripEfficiency <= 1, 'roundtripEfficiency', 'above 0 and at most 1');
  demand(Number.isFinite(problem.socAtStartMwh), 'socAtStartMwh', 'a number');
  demandSeries(problem, 'consumptionPrices', Number.isFinite);
  demandSeries(problem, 'productionPrices', Number.isFinite);
  if (problem.inflexiblePowerMw) demandSeries(problem, 'inflexiblePowerMw', Number.isFinite);
  if (problem.stockInflowMw) demandSeries(problem, 'stockInflowMw', Number.isFinite);
  demandSeries(problem, 'chargingEfficiency', isAboveZero);
  demandSeries(problem, 'dischargingEfficiency', isAboveZero);
  demandSeries(problem, 'storageEfficiency', (value) => value > 0 && value <= 1);
  demandSeries(problem, 'chargePowerMaxMw', isPower);
  demandSeries(problem, 'dischargePowerMaxMw', isPower);
  demandSeries(problem, 'socMinMwh', Number.isFinite);
  demandSeries(problem, 'socMaxMwh', Number.isFinite);
  for (const field of ['siteConsumptionCapacityMw', 'siteProductionCapacityMw'] as const) {
    demandSeries(problem, field, (value) => value >= 0);
  }
  for (const { step, socMwh } of problem.socTargets ?? []) {
    demand(
      Number.isInteger(step) && step >= 0 && step <= steps,
      'socTargets',
      `at a step from 0 to ${steps}`,
    );
    demand(Number.isFinite(socMwh), 'socTargets', 'numbers');
  }
}

const isAboveZero = (value: number) => Number.isFinite(value) && value > 0;

const isPower = (value: number) => Number.isFinite(value) && value >= 0;

type SeriesField =
  | 'consumptionPrices'
  | 'productionPrices'
  | 'inflexiblePowerMw'
  | 'chargePowerMaxMw'
  | 'dischargePowerMaxMw'
  | 'socMinMwh'
  | 'socMaxMwh'
  | 'stockInflowMw'
  | 'chargingEfficiency'
  | 'dischargingEfficiency'
  | 'storageEfficiency'
  | 'siteConsumptionCapacityMw'
  | 'siteProductionCapacityMw';

function demandSeries(
  problem: StorageProblem,
  field: SeriesField,
  isValid: (value: number) => boolean,
): void {
  const value = problem[field];
  if (typeof value === 'number') {
    demand(isValid(value), field, 'a valid number');
  } else if (value) {
    demand(value.length === problem.steps, field, `one number for each of the ${problem.steps} steps`);
    demand(value.every(isValid), field, 'valid numbers only');
  }
}

function demand(condition: boolean, field: string, expectation: string): void {
  if (!condition) throw new RangeError(`${field} must be ${expectation}.`);
}
