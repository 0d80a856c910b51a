import fc from 'fast-check';
import { scheduleSite, type SiteProblem } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import { siteReferenceCost } from '../../libs/scheduling/model/site/reference/site-milp';
import { CbcSolver, describeWithCbc } from '../harness/cbc';
import { runs, seedOr } from '../harness/effort';
import { anImpossibleSite, aSiteProblem, aSingleStorage } from '../harness/random-problems';
import { simulateSite } from '../harness/simulate-site';

/** Number of feasible problems with one storage and with a site; there are two infeasible problems per five feasible ones. */
const RUNS = runs(12);
const SEED = seedOr(20260101);

jest.setTimeout(60_000 + 2000 * RUNS);

/** Tolerance of limits in MW and MWh, and relative tolerance of costs. */
const TOLERANCE = 1e-6;
const COST_TOLERANCE = 1e-5;

/** No time limit for the exact cost, also on a busy machine. */
const EXACT_SOLVER = { exactTimeMs: 30_000, acceptedGap: COST_TOLERANCE };

interface Proposal {
  powers: Float64Array[];
  cost: number;
  fallback: boolean;
  fallbackReason?: string;
}

/**
 * Schedules held against another solver, on another formulation, and against a simulation: of all three, nothing is the
 * scheduler's own but the problem's type.
 */
describeWithCbc(`Schedules of random problems (TEST_SEED=${SEED})`, () => {
  const own = new HighsSolver();
  const cbc = new CbcSolver();
  afterAll(() => cbc.close());

  const schedule = async (problem: SiteProblem): Promise<Proposal> => {
    const result = await scheduleSite(problem, own, EXACT_SOLVER);
    return { ...result, powers: result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw) };
  };

  function expectCheapest(problem: SiteProblem, { powers, cost }: Proposal, reference: number): void {
    const simulated = simulateSite(problem, powers, TOLERANCE);
    expect(simulated.broken).toEqual([]);
    const costScale = Math.max(Math.abs(reference), simulated.turnover, 1);
    expect(Math.abs(cost - simulated.cost)).toBeLessThanOrEqual(COST_TOLERANCE * costScale);
    expect(simulated.cost - reference).toBeLessThanOrEqual(COST_TOLERANCE * costScale);
    // The other solver must not find a lower cost either, because then one of the two would miss a constraint.
    expect(reference - simulated.cost).toBeLessThanOrEqual(COST_TOLERANCE * costScale);
  }

  /** Generates problems until enough of them are feasible. */
  async function prove(drawn: fc.Arbitrary<SiteProblem>): Promise<void> {
    let feasible = 0;
    for (const problem of drawing(drawn)) {
      const reference = await siteReferenceCost(problem, cbc);
      const proposal = await schedule(problem);
      expect(proposal.fallback).toBe(reference === undefined);
      if (reference === undefined) continue;
      expectCheapest(problem, proposal, reference);
      if (++feasible === RUNS) return;
    }
    throw new Error(`Only ${feasible} of ${4 * RUNS} problems have a schedule.`);
  }

  const drawing = (drawn: fc.Arbitrary<SiteProblem>) => fc.sample(drawn, { seed: SEED, numRuns: 4 * RUNS });

  it('of one storage have the minimum cost that meets all constraints', () => prove(aSingleStorage));

  it('of a site have the minimum cost that meets all constraints', () => prove(aSiteProblem));

  it('that are infeasible report the reason, and have a feasible fallback', async () => {
    const wanted = Math.ceil(RUNS * 0.4);
    let infeasible = 0;
    for (const problem of drawing(anImpossibleSite)) {
      if ((await siteReferenceCost(problem, cbc)) !== undefined) continue;
      const { fallback, fallbackReason, powers } = await schedule(problem);
      expect({ fallback, fallbackReason }).toEqual({
        fallback: true,
        fallbackReason: expect.stringMatching(/\d.*\.$/) as string,
      });
      expectCarriedOut(problem, powers);
      if (++infeasible === wanted) return;
    }
    throw new Error(`Only ${infeasible} of ${4 * RUNS} problems have no schedule.`);
  });

  /** A fallback schedule never exceeds what a device can do, even if it misses other constraints. */
  function expectCarriedOut(problem: SiteProblem, powers: Float64Array[]): void {
    const { broken } = simulateSite(problem, powers, TOLERANCE);
    const impossible = / charges:| discharges:| is given:| produces:| does not consume:|no number/;
    expect(broken.filter((one) => impossible.test(one))).toEqual([]);
  }
});
