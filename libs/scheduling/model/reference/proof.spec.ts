import fc from 'fast-check';
import { HighsSolver, type Solver } from '#lib/solver';
import synthetic from '../../../../test/golden/scheduling-synthetic.json';
import { aStorageProblem } from '../../../../test/harness/random-problems';
import { scheduleCost } from '../problem/energy-cost';
import type { ScheduleResult, StorageProblem } from '../problem/storage-problem';
import { checkStorage } from '../storage/check-schedule';
import { scheduleStorage } from '../storage/schedule-storage';
import { type GoldenCase, problemOfCase } from './golden-case';
import { referenceCost, scalePowers } from './storage-milp';

const solver = new HighsSolver();
/** More problems than usual: PROOF_RUNS=3000 PROOF_SEED=7 npx jest proof */
const seed = Number(process.env['PROOF_SEED'] ?? 20230702);
const numRuns = Number(process.env['PROOF_RUNS'] ?? 300);

/** A solver that never finds anything, so that the dynamic program has to decide alone. */
const noSolver: Solver = {
  solve: () => Promise.resolve({ status: 'failed', objective: NaN, columns: undefined, gap: Infinity }),
};

/** Units in which to hand a problem to the scheduler: a home battery, a power plant, another currency. */
const units = fc.record({ power: fc.constantFrom(1, 0.005, 400), price: fc.constantFrom(1, 0.01, 30) });
type Units = typeof units extends fc.Arbitrary<infer U> ? U : never;

function inUnits(problem: StorageProblem, { power, price }: Units): StorageProblem {
  return {
    ...scalePowers(problem, power),
    consumptionPrices: problem.consumptionPrices.map((one) => one * price),
    productionPrices: problem.productionPrices.map((one) => one * price),
  };
}

function expectOptimal(problem: StorageProblem, result: ScheduleResult, expected: number, unit: Units): void {
  const { cost, turnover } = scheduleCost(problem, result.unroundedPowerMw);
  expect(result.cost).toBe(cost);
  // The last term keeps the comparison meaningful where hardly any money changes hands.
  const scale = Math.max(Math.abs(expected), turnover, 0.01 * unit.power * unit.price);
  expect(Math.abs(cost - expected)).toBeLessThanOrEqual(1e-6 * scale);
  expect(result.gap).toBeLessThanOrEqual(1e-6 * scale + 1e-10);
  expect(checkStorage(problem, result.unroundedPowerMw, 1e-8 * unit.power).violations).toEqual([]);
  expect(result.warnings).toEqual([]);
}

describe('scheduleStorage against the formulation with binary variables', () => {
  test('random problems have the same cost, or are infeasible alike', async () => {
    const seen = { convex: 0, lp: 0, 'dynamic-programming': 0, fallback: 0 };
    const sameAsReference = fc.asyncProperty(aStorageProblem, units, async (problem, unit) => {
      const reference = await referenceCost(problem, solver);
      const scaled = inUnits(problem, unit);
      const result = await scheduleStorage(scaled, solver);
      seen[result.method]++;
      expect(result.fallback).toBe(reference === undefined);
      if (reference === undefined) return;
      const expected = reference * unit.power * unit.price;
      expectOptimal(scaled, result, expected, unit);
      for (const other of [solver, noSolver]) {
        const withoutConvex = await scheduleStorage(scaled, other, { maxPieces: 0 });
        seen[withoutConvex.method]++;
        expectOptimal(scaled, withoutConvex, expected, unit);
      }
    });
    await fc.assert(sameAsReference, { seed, numRuns });
    expect(seen.lp).toBeGreaterThan(numRuns / 3);
    expect(seen.convex).toBeGreaterThan(numRuns / 3);
    expect(seen['dynamic-programming']).toBeGreaterThan(numRuns / 4);
  }, 300_000);

  test.each(synthetic.cases as GoldenCase[])('the stored cost of $id is right', async (golden) => {
    const expected = await referenceCost(problemOfCase(golden), solver);
    expect(golden.expected_cost).toBeCloseTo(expected ?? NaN, 7);
  });
});
