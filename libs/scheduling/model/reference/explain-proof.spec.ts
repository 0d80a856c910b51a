import fc from 'fast-check';
import { HighsSolver } from '#lib/solver';
import { aStorageProblem, anImpossibleSite } from '../../../../test/harness/random-problems';
import type { Conflict } from '../conflicts/conflict';
import { hoursAfterStart, describeConflict } from '../conflicts/describe-conflict';
import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { scheduleSite } from '../site/solve/schedule-site';
import { toStockProblem } from '../stock/stock-problem';
import { explainStorage } from '../storage/explain-storage';

const seed = 20260306;

const isFeasible = (problem: StorageProblem) => !('kind' in toStockProblem(problem, stepLimits(problem)));

/**
 * The problem with no other bounds of the stock than those of a conflict: the one that is missed, at a value, and the
 * one that held the stock before.
 */
function alone(problem: StorageProblem, { since, fromStep, step }: Conflict, mwh: number): StorageProblem {
  const held = since?.constraint === 'soc-at-start' ? [] : [{ step: fromStep, socMwh: since!.value! }];
  const within: [number, number] = [fromStep, step];
  return {
    ...problem,
    socMinMwh: -100,
    socMaxMwh: 100,
    // As to the bound that held the stock, a target at its value is the best that it allows.
    socAtStartMwh: held.length > 0 ? since!.value! : problem.socAtStartMwh,
    socTargets: [...held, { step, socMwh: mwh }],
    // Outside of the time in question anything may happen.
    inflexiblePowerMw: problem.inflexiblePowerMw?.map((mw, t) => (t < fromStep || t >= step ? 0 : mw)),
    chargePowerMaxMw: freeOutside(problem, within, problem.chargePowerMaxMw),
    dischargePowerMaxMw: freeOutside(problem, within, problem.dischargePowerMaxMw),
    siteConsumptionCapacityMw: freeOutside(problem, within, problem.siteConsumptionCapacityMw ?? Infinity),
    siteProductionCapacityMw: freeOutside(problem, within, problem.siteProductionCapacityMw ?? Infinity),
  };
}

const isOverloadedWithin = ({ fromStep, step }: Conflict, conflicts: Conflict[]) =>
  conflicts.some((one) => one.kind === 'power' && one.fromStep < step && one.untilStep > fromStep);

const freeOutside = ({ steps }: StorageProblem, [from, to]: [number, number], limit: number | Float64Array) =>
  Float64Array.from({ length: steps }, (_, t) =>
    t < from || t >= to ? 10 : typeof limit === 'number' ? limit : limit[t]!,
  );

describe('conflicts of random problems', () => {
  test('of a storage: exist where there is no schedule, and exclude each other by the amounts told', () => {
    const seen = { energy: 0, other: 0, feasible: 0 };
    const property = fc.property(aStorageProblem, fc.constantFrom(1, 0.4, 0.1), (drawn, weaker) => {
      const weak = (limit: number | Float64Array) =>
        typeof limit === 'number' ? limit * weaker : limit.map((one) => one * weaker);
      const problem = {
        ...drawn,
        chargePowerMaxMw: weak(drawn.chargePowerMaxMw),
        dischargePowerMaxMw: weak(drawn.dischargePowerMaxMw),
        inflexiblePowerMw: drawn.inflexiblePowerMw?.map((mw) => mw / weaker),
      };
      const conflicts = explainStorage(problem);
      expect(conflicts.length === 0).toBe(isFeasible(problem));
      if (conflicts.length === 0) seen.feasible++;
      for (const conflict of conflicts) {
        expect(conflict.needed).toBeGreaterThan(conflict.available);
        if (conflict.kind !== 'energy') seen.other++;
        // Where the site is overloaded, its capacity is not looked at, so there the amounts are those without it.
        if (conflict.kind !== 'energy' || isOverloadedWithin(conflict, conflicts)) continue;
        seen.energy++;
        expect(isFeasible(alone(problem, conflict, conflict.wanted))).toBe(false);
        expect(isFeasible(alone(problem, conflict, conflict.nearest))).toBe(true);
      }
    });
    fc.assert(property, { seed, numRuns: 500 });
    expect(seen.energy).toBeGreaterThan(50);
    expect(seen.other).toBeGreaterThan(5);
    expect(seen.feasible).toBeGreaterThan(50);
  });

  test('of a site: are told for each fallback, with what stands against each other', async () => {
    const solver = new HighsSolver();
    const seen = { conflicts: 0, unexplained: 0 };
    const property = fc.asyncProperty(anImpossibleSite, async (problem) => {
      const { fallback, conflicts = [] } = await scheduleSite(problem, solver);
      expect(conflicts.length > 0).toBe(fallback);
      for (const conflict of conflicts) {
        seen.conflicts++;
        const sentence = describeConflict(conflict, hoursAfterStart(problem.stepHours));
        expect(sentence).not.toMatch(/undefined|NaN|Infinity/);
        expect(conflict.needed).toBeGreaterThan(conflict.available);
        if (conflict.limitedBy.length === 0 && conflict.kind === 'energy') seen.unexplained++;
      }
    });
    await fc.assert(property, { seed, numRuns: 60 });
    expect(seen.conflicts).toBeGreaterThan(50);
    // What holds a device back is not always a limit of the same moment.
    expect(seen.unexplained).toBeLessThan(seen.conflicts / 20);
  }, 120_000);
});
