import type { Solver } from '#lib/solver/model';
import { type RankedBreaches, rankedBreaches } from '../../evaluate/ranked-breaches';
import { highestOf } from '../../../problem/stock';
import { metersOf } from '../../problem/meters';
import { prepareSite } from '../../problem/prepared/prepared-site';
import type { BreachRank, SiteProblem } from '../../problem/site-problem';
import { optimiseSite } from '../optimise-site';
import type { SearchLimits } from '../optimum';
import { withReachableLimits } from './reachable-limits';
import { hasLimits, type RankName, relax, type Relaxation, withoutPrices } from './relaxed-limits';

/**
 * The cheapest schedule among those that break limits as little as reachable, for a site whose limits cannot all be met.
 * What gives way, in this order:
 *
 * 1. targets, minima and maxima of stocks;
 * 2. capacities of the site and of groups;
 * 3. hard limits of connections and of groups, and the balance of commodities, as far as nothing else helps.
 *
 * Within a rank, the least total breach counts, then the smallest highest breach, then the cost: each is minimised in turn,
 * with those before it as limits. Power limits of devices never give way, and soc-min and soc-max only as far as the storage
 * alone cannot keep them. Processes run as long as there is time.
 *
 * @returns MW per step by device; undefined if nothing was found in time, or if a storage cannot keep its own limits
 */
export async function leastBreach(
  problem: SiteProblem,
  solver: Solver,
  searchLimits: SearchLimits,
): Promise<Float64Array[] | undefined> {
  const search = new BreachSearch(withReachableLimits(problem), solver, searchLimits);
  const isFound = (await search.minimise('stocks')) || (await search.minimiseAll());
  if (!isFound) return undefined;
  return (await search.minimiseCost()) ?? search.powers;
}

/** Currency per unit of a breach where nothing else has a price. It hides the tiny prices that decide between equals. */
const BREACH_PRICE = 1000;

/** How much more the total costs than the highest breach: rounding errors of the total are not used for the highest one. */
const TOTAL_FACTOR = 100;

/** What a smallest breach may be exceeded by, as a share and in MW or MWh: more only if there is no schedule otherwise. */
const TOLERANCES = [1e-9, 1e-7, 1e-5];

/** Finds how far the limits of each rank have to be exceeded. */
class BreachSearch {
  /** The last schedule that was found. */
  powers: Float64Array[] | undefined;
  private readonly smallest = new Map<RankName, RankedBreaches>();
  private readonly dropped = new Set<RankName>();

  constructor(
    private readonly problem: SiteProblem,
    private readonly solver: Solver,
    private readonly limits: SearchLimits,
  ) {}

  /** Minimises the breaches of the higher ranks first, without the limits of the lower ones. */
  async minimiseAll(): Promise<boolean> {
    this.dropped.add('stocks');
    if (!(await this.minimise('capacities'))) {
      this.dropped.add('capacities');
      if (!(await this.minimise('connections'))) return false;
      await this.minimise('capacities');
    }
    await this.minimise('stocks');
    return true;
  }

  /**
   * Minimises the total breach of a rank, and then its highest breach. Both are limits of what follows.
   * @returns whether a schedule was found; if not, the limits of the rank stay as they were. Without limits, none is sought
   */
  async minimise(name: RankName): Promise<boolean> {
    if (!hasLimits(this.problem, name)) {
      this.dropped.delete(name);
      return false;
    }
    const least = await this.solveFor(name, { totalPrice: BREACH_PRICE, highestPrice: 0 });
    if (!least) return false;
    this.smallest.set(name, least);
    this.dropped.delete(name);
    if (least.total === 0) return true;
    const totalMax = withTolerance(least.total, TOLERANCES[0]!);
    const smallest = await this.solveFor(name, { ...rankPrices(BREACH_PRICE), totalMax });
    if (smallest) this.smallest.set(name, { total: least.total, highest: smallest.highest });
    return true;
  }

  /** The cheapest schedule with no larger breaches. */
  async minimiseCost(): Promise<Float64Array[] | undefined> {
    return this.solveWithin((relaxation) => relax(this.problem, relaxation));
  }

  /** The breaches of a rank in a schedule that minimises their price alone. */
  private async solveFor(
    name: RankName,
    prices: Omit<BreachRank, 'perStep'>,
  ): Promise<RankedBreaches | undefined> {
    const rank = { perStep: this.perStep(name), ...prices };
    let relaxed: SiteProblem | undefined;
    const powers = await this.solveWithin((relaxation) => {
      const allowed = { ...relaxation, [name]: { rank, highestMax: Infinity } };
      return (relaxed = withoutPrices(relax(this.problem, allowed)));
    });
    if (!powers) return undefined;
    this.powers = powers;
    return rankedBreaches(relaxed!, powers).get(rank) ?? { total: 0, highest: 0 };
  }

  /** Solves a problem with the breaches that were found so far as limits. */
  private async solveWithin(
    build: (relaxation: Relaxation) => SiteProblem,
  ): Promise<Float64Array[] | undefined> {
    for (const tolerance of this.smallest.size > 0 ? TOLERANCES : [0]) {
      const site = prepareSite(build(this.relaxationWithin(tolerance)));
      const optimum = site && (await optimiseSite(site, this.solver, this.limits));
      if (optimum) return optimum.powers;
      if (performance.now() > this.limits.deadlineMs) return undefined;
    }
    return undefined;
  }

  private relaxationWithin(tolerance: number): Relaxation {
    const highestPrice = BREACH_PRICE * Math.max(1, highestEnergyPrice(this.problem));
    const of = (name: RankName): Relaxation[RankName] => {
      const smallest = this.smallest.get(name);
      if (!smallest) return this.dropped.has(name) ? 'dropped' : 'kept';
      const rank = {
        perStep: this.perStep(name),
        ...rankPrices(highestPrice),
        totalMax: withTolerance(smallest.total, tolerance),
      };
      return { rank, highestMax: withTolerance(smallest.highest, tolerance) };
    };
    return { stocks: of('stocks'), capacities: of('capacities'), connections: of('connections') };
  }

  /** The total of powers is energy; that of stocks is a sum over instants. */
  private perStep(name: RankName): number {
    return name === 'stocks' ? 1 : this.problem.stepHours;
  }
}

/** Prices with which the total breach counts before the highest one. */
const rankPrices = (highestPrice: number) => ({ totalPrice: TOTAL_FACTOR * highestPrice, highestPrice });

/** What exceeds a limit was found by a solver, with its rounding errors. The prices of ranks make this not worth using. */
const withTolerance = (breach: number, tolerance: number): number => breach + tolerance * (1 + breach);

/** Currency per MWh; the highest price of energy, positive or negative. */
const highestEnergyPrice = (problem: SiteProblem): number =>
  Math.max(
    ...metersOf(problem)
      .flatMap((one) => [one.consumptionPrices, one.productionPrices])
      .map(highestOf),
  );
