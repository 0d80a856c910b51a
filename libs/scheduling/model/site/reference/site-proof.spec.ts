import fc from 'fast-check';
import { HighsSolver } from '#lib/solver';
import { isThorough, timeoutMs, scaledRuns, seedOrDefault } from '../../../../../test/harness/effort';
import { aSiteProblem } from '../../../../../test/harness/scheduling/random-problems';
import { aRelatedSite } from '../../../../../test/harness/scheduling/random-relations';
import { simulateSite } from '../../../../../test/harness/scheduling/simulate-site';
import { checkSchedule } from '../evaluate/check-schedule';
import { scheduleSequentially } from '../solve/schedule-sequentially';
import { scheduleSite } from '../solve/schedule-site';
import { siteReferenceCost } from './site-milp';

jest.setTimeout(timeoutMs(300_000));

const solver = new HighsSolver();
/** Enough time for exact costs on a busy machine. */
const patient = { exactTimeMs: 30_000, acceptedGap: 1e-6 };
const seed = seedOrDefault(20240117);
const numRuns = scaledRuns(isThorough ? 20 : 10);

describe('scheduleSite', () => {
  it.each([
    ['at one connection', aSiteProblem, ['fallback', 'lp', 'milp']],
    [
      'with groups, commitments, modes, shared stocks and commodities',
      aRelatedSite,
      ['fallback', 'lp', 'milp'],
    ],
  ])(
    'costs the same as the formulation with binary variables, or both are infeasible: devices %s',
    async (_, problems, methods) => {
      const seen: Record<string, number> = {};
      const sameAsReference = fc.asyncProperty(problems, async (problem) => {
        const reference = await siteReferenceCost(problem, solver);
        const result = await scheduleSite(problem, solver, patient);
        seen[result.method] = (seen[result.method] ?? 0) + 1;
        expect(result.fallback).toBe(reference === undefined);
        expect(result.fallbackReason === undefined).toBe(reference !== undefined);
        if (reference === undefined) return;
        const scale = Math.max(Math.abs(reference), result.turnover, 1);
        const powers = result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
        expect(checkSchedule(problem, powers, 1e-6).map(({ rule, step }) => `${rule} ${step}`)).toEqual([]);
        expect(simulateSite(problem, powers, 1e-6).broken).toEqual([]);
        expect(result.warnings).toEqual([]);
        expect(result.cost).toBeGreaterThanOrEqual(reference - 1e-5 * scale);
        expect(result.cost - reference).toBeLessThanOrEqual(1e-5 * scale);
        expect(result.gap).toBeLessThanOrEqual(1e-5 * scale);
        const oneByOne = await scheduleSequentially(problem, solver);
        if (!oneByOne.fallback) expect(oneByOne.cost).toBeGreaterThanOrEqual(result.cost - 1e-5 * scale);
      });
      await fc.assert(sameAsReference, { seed, numRuns, endOnFailure: true });
      expect(Object.keys(seen)).toEqual(expect.arrayContaining(methods));
    },
  );
});
