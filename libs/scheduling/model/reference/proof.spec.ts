import fc from 'fast-check';
import { HighsSolver, type Solver } from '#lib/solver';
import synthetic from '../../../../test/golden/scheduling-synthetic.json';
import { checkSchedule } from '../check-schedule';
import { scheduleCost } from '../schedule-cost';
import { scheduleStorage } from '../schedule-storage';
import type { ScheduleResult, StorageProblem } from '../storage-problem';
import { type GoldenCase, problemOfCase } from './golden-case';
import { referenceCost, scalePowers } from './storage-milp';

const solver = new HighsSolver();
/** More problems than usual: PROOF_RUNS=3000 PROOF_SEED=7 npx jest proof */
const seed = Number(process.env['PROOF_SEED'] ?? 20230702);
const numRuns = Number(process.env['PROOF_RUNS'] ?? 300);

const series = (steps: number, min: number, max: number) =>
  fc
    .array(fc.integer({ min: min * 1000, max: max * 1000 }), { minLength: steps, maxLength: steps })
    .map((values) => Float64Array.from(values, (value) => value / 1000));

/** Prices of every sign, production prices below, equal to and above consumption prices, loads, limits, targets. */
const storageProblem = fc.integer({ min: 8, max: 24 }).chain((steps) => {
  const limit = fc.oneof(fc.constantFrom(0.3, 0.5, 1), fc.constantFrom(0, 0.3, 0.5, 1), series(steps, 0, 1));
  const soc = fc.integer({ min: 200, max: 1500 }).map((value) => value / 1000);
  return fc
    .record({
      stepHours: fc.constantFrom(0.25, 0.5, 1),
      prices: series(steps, -150, 200),
      markUp: fc.oneof(fc.constant(new Float64Array(steps)), series(steps, -80, 0), series(steps, -60, 60)),
      inflexiblePowerMw: fc.option(series(steps, -0.8, 0.8), { nil: undefined }),
      chargePowerMaxMw: limit,
      dischargePowerMaxMw: limit,
      socAtStartMwh: soc,
      socMaxMwh: fc.constantFrom(1.5, 2, 5),
      targets: fc.oneof(
        fc.constant([]),
        fc.array(fc.tuple(fc.integer({ min: 4, max: steps }), soc), { maxLength: 2 }),
      ),
      roundtripEfficiency: fc.constantFrom(1, 0.95, 0.9, 0.81, 0.5),
      siteCapacityMw: fc.oneof(fc.constantFrom(undefined, undefined, 1, 1.2), series(steps, 1, 2)),
      preferChargingSooner: fc.constant(false),
      chargingEfficiency: fc.constantFrom(undefined, undefined, 0.8, 3),
      dischargingEfficiency: fc.oneof(fc.constant(undefined), series(steps, 0.6, 1)),
      storageEfficiency: fc.oneof(fc.constantFrom(undefined, 0.99), series(steps, 0.9, 1)),
      stockInflowMw: fc.oneof(fc.constant(undefined), series(steps, -0.1, 0.2)),
    })
    .map(({ prices, markUp, targets, siteCapacityMw, ...rest }): StorageProblem => ({
      ...rest,
      steps,
      consumptionPrices: prices,
      productionPrices: prices.map((price, t) => price + markUp[t]!),
      socMinMwh: 0.2,
      socTargets: [...new Map(targets)].map(([step, socMwh]) => ({ step, socMwh })),
      siteConsumptionCapacityMw: siteCapacityMw,
      siteProductionCapacityMw: siteCapacityMw,
    }));
});

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
  expect(checkSchedule(problem, result.unroundedPowerMw, 1e-8 * unit.power).violations).toEqual([]);
  expect(result.warnings).toEqual([]);
}

describe('scheduleStorage against the formulation with binary variables', () => {
  test('random problems have the same cost, or are infeasible alike', async () => {
    const seen = { convex: 0, lp: 0, 'dynamic-programming': 0, fallback: 0 };
    const sameAsReference = fc.asyncProperty(storageProblem, units, async (problem, unit) => {
      const reference = await referenceCost(problem, solver);
      const scaled = inUnits(problem, unit);
      const result = await scheduleStorage(scaled, solver);
      seen[result.method]++;
      expect(result.fallback).toBe(reference === undefined);
      if (reference === undefined) return;
      const expected = reference * unit.power * unit.price;
      expectOptimal(scaled, result, expected, unit);
      expectOptimal(scaled, await scheduleStorage(scaled, noSolver), expected, unit);
    });
    await fc.assert(sameAsReference, { seed, numRuns });
    expect(seen.convex).toBeGreaterThan(numRuns / 3);
    expect(seen['dynamic-programming']).toBeGreaterThan(numRuns / 4);
  }, 60_000);

  test.each(synthetic.cases as GoldenCase[])('the stored cost of $id is right', async (golden) => {
    const expected = await referenceCost(problemOfCase(golden), solver);
    expect(golden.expected_cost).toBeCloseTo(expected ?? NaN, 7);
  });
});
