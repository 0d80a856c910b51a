import fc from 'fast-check';
import { HighsSolver } from '#lib/solver';
import { timeoutMs, scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import { anImpossibleSite, aSingleStorage } from '../../../../test/harness/scheduling/random-problems';
import type { Conflict } from '../conflicts/conflict';
import { describeConflict, hoursAfterStart } from '../conflicts/describe-conflict';
import { isInfeasible } from '../problem/reachable-stock';
import { stepLimits } from '../problem/step-limits';
import { type Series, valueAt } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';
import { explainStorage } from '../site/explain/explain-storage';
import { scheduleSite } from '../site/solve/schedule-site';
import { toStockProblem } from '../stock/stock-problem';
import { storageOfSite } from './build-problems';

jest.setTimeout(timeoutMs(240_000));

const seed = seedOrDefault(20260306);

const isFeasible = (problem: StorageProblem) => !isInfeasible(toStockProblem(problem, stepLimits(problem)));

/** The storage with a fraction of its power, and with a multiple of the load. */
function weaken(problem: StorageProblem, share: number): StorageProblem {
  const weaker = (limit: Series) =>
    typeof limit === 'number' ? limit * share : limit.map((one) => one * share);
  return {
    ...problem,
    chargePowerMaxMw: weaker(problem.chargePowerMaxMw),
    dischargePowerMaxMw: weaker(problem.dischargePowerMaxMw),
    inflexiblePowerMw: problem.inflexiblePowerMw?.map((mw) => mw / share),
  };
}

/**
 * The problem with two bounds of the stock only: the missed one, with the given value, and the one that determined the
 * stock before. Power is limited between the two only.
 */
function isolateConflict(
  problem: StorageProblem,
  { since, fromStep, step }: Conflict,
  mwh: number,
): StorageProblem {
  const isFromStart = since?.constraint === 'soc-at-start';
  const between = (limit: Series) =>
    Float64Array.from({ length: problem.steps }, (_, t) =>
      t < fromStep || t >= step ? 10 : valueAt(limit, t),
    );
  return {
    ...problem,
    socMinMwh: -100,
    socMaxMwh: 100,
    socAtStartMwh: isFromStart ? problem.socAtStartMwh : since!.value!,
    socTargets: [...(isFromStart ? [] : [{ step: fromStep, socMwh: since!.value! }]), { step, socMwh: mwh }],
    inflexiblePowerMw: problem.inflexiblePowerMw?.map((mw, t) => (t < fromStep || t >= step ? 0 : mw)),
    chargePowerMaxMw: between(problem.chargePowerMaxMw),
    dischargePowerMaxMw: between(problem.dischargePowerMaxMw),
    siteConsumptionCapacityMw: between(problem.siteConsumptionCapacityMw ?? Infinity),
    siteProductionCapacityMw: between(problem.siteProductionCapacityMw ?? Infinity),
  };
}

const isOverloadedDuring = ({ fromStep, step }: Conflict, conflicts: Conflict[]) =>
  conflicts.some((one) => one.kind === 'power' && one.fromStep < step && one.untilStep > fromStep);

describe('explainStorage', () => {
  it('finds conflicts exactly if there is no schedule, with the right amounts', () => {
    const seen = { energy: 0, other: 0, feasible: 0 };
    const property = fc.property(aSingleStorage, fc.constantFrom(1, 0.4, 0.1), (site, share) => {
      const { storage, device } = storageOfSite(site);
      const problem = weaken(storage, share);
      const conflicts = explainStorage(problem, device);
      expect(conflicts.length === 0).toBe(isFeasible(problem));
      if (conflicts.length === 0) seen.feasible++;
      for (const conflict of conflicts) {
        expect(conflict.needed).toBeGreaterThan(conflict.available);
        if (conflict.kind !== 'energy') seen.other++;
        // While the site is overloaded, its capacity is ignored: the amounts are those without it.
        if (conflict.kind !== 'energy' || isOverloadedDuring(conflict, conflicts)) continue;
        seen.energy++;
        expect(isFeasible(isolateConflict(problem, conflict, conflict.wanted))).toBe(false);
        expect(isFeasible(isolateConflict(problem, conflict, conflict.nearest))).toBe(true);
      }
    });
    const numRuns = scaledRuns(150);
    fc.assert(property, { seed, numRuns });
    expect(seen.energy).toBeGreaterThan(numRuns / 10);
    expect(seen.other).toBeGreaterThan(numRuns / 100);
    expect(seen.feasible).toBeGreaterThan(numRuns / 10);
  });
});

describe('scheduleSite', () => {
  it('explains each fallback by conflicts with the limits that cause them', async () => {
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
    const numRuns = scaledRuns(20);
    await fc.assert(property, { seed, numRuns });
    expect(seen.conflicts).toBeGreaterThan((5 / 6) * numRuns);
    // What stops a storage is not always a limit of the same step.
    expect(seen.unexplained).toBeLessThan(seen.conflicts / 20);
  });
});
