import fc from 'fast-check';
import { scheduleSite, type SiteProblem } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import { siteReferenceCost } from '../../libs/scheduling/model/site/reference/site-milp';
import { CbcSolver, describeWithCbc } from '../harness/cbc';
import { runs, seedOr } from '../harness/effort';
import { anImpossibleSite, aSiteProblem, aSingleStorage } from '../harness/random-problems';
import { simulateSite } from '../harness/simulate-site';

/** So many storages and so many sites that have a schedule; and sites that have none, two for five of the others. */
const RUNS = runs(12);
const SEED = seedOr(20260101);

jest.setTimeout(60_000 + 2000 * RUNS);

/** MW and MWh by which a limit may be passed, and the share of the money at stake by which a cost may differ. */
const TOLERANCE = 1e-6;
const COST_TOLERANCE = 1e-5;

/** Costs are to be exact, also on a machine that has more to do. */
const patient = { exactTimeMs: 30_000, acceptedGap: COST_TOLERANCE };

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
describeWithCbc(`random problems (TEST_SEED=${SEED})`, () => {
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
    // Neither is the other solver's answer beaten: then one of the two would not know the constraints.
    expect(reference - simulated.cost).toBeLessThanOrEqual(COST_TOLERANCE * stake);
  }

  /** Draws problems until so many of them have a schedule. */
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

  it('of one storage have the cheapest schedule that keeps all constraints', () => prove(aSingleStorage));

  it('of a site have the cheapest schedule that keeps all constraints', () => prove(aSiteProblem));

  it('without a schedule say why, and give one that can be carried out', async () => {
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

  /** What a device cannot do is not asked of it, whatever else is missed. */
  function expectCarriedOut(problem: SiteProblem, powers: Float64Array[]): void {
    const { broken } = simulateSite(problem, powers, TOLERANCE);
    const impossible = / charges:| discharges:| is given:| produces:| does not consume:|no number/;
    expect(broken.filter((one) => impossible.test(one))).toEqual([]);
  }
});
