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
    const { builder, site } = this;
    const ranked = this.ranks.get(rank) ?? { highest: -1, breaches: [], units: [] };
    if (!this.ranks.has(rank)) {
      if (rank.highestPrice > 0) {
        const cost = (rank.highestPrice * site.powerUnitMw) / site.moneyUnit;
        ranked.highest = builder.addColumn(cost, 0, Infinity);
      }
      this.ranks.set(rank, ranked);
    }
    ranked.breaches.push(breach);
    ranked.units.push(unit);
    if (ranked.highest < 0) return;
    builder.addRow(-Infinity, 0, [breach, ranked.highest], [unit / site.powerUnitMw, -1]);
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
