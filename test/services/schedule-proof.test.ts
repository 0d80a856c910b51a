import fc from 'fast-check';
import { scheduleSite, type SiteProblem } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import { siteReferenceCost } from '../../libs/scheduling/model/site/reference/site-milp';
import { CbcSolver, describeWithCbc } from '../harness/scheduling/cbc';
import { isThorough, scaledRuns, seedOrDefault } from '../harness/effort';
import { anImpossibleSite, aSiteProblem, aSingleStorage } from '../harness/scheduling/random-problems';
import { anImpossibleRelatedSite, aRelatedSite } from '../harness/scheduling/random-relations';
import { simulateSite } from '../harness/scheduling/simulate-site';

/** Number of storages and of sites that have a schedule; for every five of them, two sites have none. */
const RUNS = scaledRuns(12);
/** Number of sites with groups, commitments, modes and more that have a schedule. */
const RELATED_RUNS = isThorough ? Math.max(300, scaledRuns(12)) : scaledRuns(12);
const SEED = seedOrDefault(20260101);

jest.setTimeout(240_000 + 2000 * (RUNS + RELATED_RUNS));

/** Tolerances: of limits in MW and MWh, and of costs as a share of the sum of absolute costs and revenues. */
const TOLERANCE = 1e-6;
const COST_TOLERANCE = 1e-5;

/** Costs must be exact, also on a busy machine. */
const patient = { exactTimeMs: 30_000, acceptedGap: COST_TOLERANCE };

interface Proposal {
  powers: Float64Array[];
  cost: number;
  fallback: boolean;
  fallbackReason?: string;
}

/**
 * Compares schedules with another solver on another formulation, and with a simulation. The three share only the type
 * of problems with the scheduler.
 */
describeWithCbc(`Schedules of random problems (TEST_SEED=${SEED})`, () => {
  const own = new HighsSolver();
  const cbc = new CbcSolver();
  afterAll(() => cbc.close());

  const schedule = async (problem: SiteProblem): Promise<Proposal> => {
    const result = await scheduleSite(problem, own, patient);
    return { ...result, powers: result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw) };
  };

  function expectCheapest(problem: SiteProblem, { powers, cost }: Proposal, reference: number): void {
    const simulated = simulateSite(problem, powers, TOLERANCE);
    expect(simulated.broken).toEqual([]);
    const stake = Math.max(Math.abs(reference), simulated.turnover, 1);
    expect(Math.abs(cost - simulated.cost)).toBeLessThanOrEqual(COST_TOLERANCE * stake);
    expect(simulated.cost - reference).toBeLessThanOrEqual(COST_TOLERANCE * stake);
    // A lower cost than that of the other solver would mean that one of the two misses constraints.
    expect(reference - simulated.cost).toBeLessThanOrEqual(COST_TOLERANCE * stake);
  }

  /** Draws random problems until enough of them have a schedule. */
  async function prove(drawn: fc.Arbitrary<SiteProblem>, runs = RUNS): Promise<void> {
    let feasible = 0;
    for (const problem of drawing(drawn, runs)) {
      const reference = await siteReferenceCost(problem, cbc);
      const proposal = await schedule(problem);
      expect(proposal.fallback).toBe(reference === undefined);
      if (reference === undefined) continue;
      expectCheapest(problem, proposal, reference);
      if (++feasible === runs) return;
    }
    throw new Error(`Only ${feasible} of ${4 * runs} problems have a schedule.`);
  }

  const drawing = (drawn: fc.Arbitrary<SiteProblem>, runs = RUNS) =>
    fc.sample(drawn, { seed: SEED, numRuns: 4 * runs });

  it('of one storage have the minimum cost that meets all constraints', () => prove(aSingleStorage));

  it('of a site have the minimum cost that meets all constraints', () => prove(aSiteProblem));

  it('of a site with groups, commitments, modes and commodities have the minimum cost that meets all constraints', () =>
    prove(aRelatedSite, RELATED_RUNS));

  /** Draws sites until `wanted` of them have no schedule, and expects a reason and a fallback schedule for each of those. */
  const expectFallbacks = async (
    drawn: fc.Arbitrary<SiteProblem>,
    runs: number,
    wanted: number,
  ): Promise<void> => {
    let infeasible = 0;
    for (const problem of drawing(drawn, runs)) {
      if ((await siteReferenceCost(problem, cbc)) !== undefined) continue;
      const { fallback, fallbackReason, powers } = await schedule(problem);
      expect({ fallback, fallbackReason }).toEqual({
        fallback: true,
        fallbackReason: expect.stringMatching(/\d.*\.$/) as string,
      });
      expectCarriedOut(problem, powers);
      if (++infeasible === wanted) return;
    }
    throw new Error(`Only ${infeasible} of ${4 * runs} problems have no schedule.`);
  };

  it('of such a site without a schedule have a reason and a schedule that the devices can carry out', () =>
    expectFallbacks(anImpossibleRelatedSite, RELATED_RUNS, Math.ceil(RELATED_RUNS * 0.2)));

  it('without a schedule have a reason and a feasible fallback schedule', () =>
    expectFallbacks(anImpossibleSite, RUNS, Math.ceil(RUNS * 0.4)));

  /** Expects that the schedule respects the physical limits of the devices, even if it violates other limits. */
  function expectCarriedOut(problem: SiteProblem, powers: Float64Array[]): void {
    const { broken } = simulateSite(problem, powers, TOLERANCE);
    const impossible =
      / charges:| discharges:| is given:| produces:| does not consume:|no number| runs in a mode:| runs in proportion:/;
    expect(broken.filter((one) => impossible.test(one))).toEqual([]);
  }
});
