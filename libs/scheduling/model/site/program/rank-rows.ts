import type { ProgramBuilder } from '#lib/solver/model';
import type { PreparedSite } from '../problem/prepared/prepared-site';
import type { BreachRank } from '../problem/site-problem';

/** What counts in a rank. */
interface Ranked {
  /** Column of the highest breach, in power units; -1 if it has no price. */
  highest: number;
  /** Columns of breaches, and their MW (MWh of stock) per unit. */
  breaches: number[];
  units: number[];
}

/** Collects the breaches of each rank while limits are added. */
export class RankRows {
  private readonly ranks = new Map<BreachRank, Ranked>();

  constructor(
    private readonly builder: ProgramBuilder,
    private readonly site: PreparedSite,
  ) {}

  /** @param unit MW (MWh of stock) per unit of the column */
  add(rank: BreachRank, breach: number, unit: number): void {
    const { highest, breaches, units } = this.ranks.get(rank) ?? this.start(rank);
    breaches.push(breach);
    units.push(unit);
    if (highest < 0) return;
    this.builder.addRow(-Infinity, 0, [breach, highest], [unit / this.site.powerUnitMw, -1]);
  }

  private start(rank: BreachRank): Ranked {
    const cost = (rank.highestPrice * this.site.powerUnitMw) / this.site.moneyUnit;
    const highest = cost > 0 ? this.builder.addColumn(cost, 0, Infinity) : -1;
    const ranked: Ranked = { highest, breaches: [], units: [] };
    this.ranks.set(rank, ranked);
    return ranked;
  }

  /** Adds the limits of the totals, after all breaches. */
  addTotals(): void {
    const { builder, site } = this;
    this.ranks.forEach(({ breaches, units }, { totalMax, perStep }) => {
      if (totalMax === undefined) return;
      const most = totalMax / (perStep * site.powerUnitMw);
      builder.addRow(-Infinity, most, breaches, units.map((unit) => unit / site.powerUnitMw)); // prettier-ignore
    });
  }
}
