import { ProgramBuilder } from '#lib/solver/model';
import { highestOf, valueAt } from '../../problem/stock';
import type { PreparedSite } from '../problem/prepared-site';
import type { BreachPrice } from '../problem/site-problem';

/** Columns of the net power in one step. */
export interface NetColumns {
  /** Imports; or the net power, negative for exports, if `exported` is -1. */
  imported: number;
  /** Exports; -1 if there is one column for both directions. */
  exported: number;
}

/** A column that must not exceed a limit: column * sign <= limit. */
export interface LimitedColumn {
  t: number;
  column: number;
  sign: 1 | -1;
  limit: number;
}

/** Collects the columns and rows of a site's devices and its power balance. */
export class SiteProgramBuilder {
  readonly builder = new ProgramBuilder();
  private readonly balance: { columns: number[]; coefficients: number[] }[];

  constructor(readonly site: PreparedSite) {
    this.balance = Array.from({ length: site.problem.steps }, () => ({ columns: [], coefficients: [] }));
  }

  /** Money units that 1 MW of a device costs directly in step t. */
  costPerMw(t: number, slope: Float64Array): number {
    const { directPrices, problem, moneyUnit } = this.site;
    return ((directPrices[t]! + slope[t]!) * problem.stepHours) / moneyUnit;
  }

  /**
   * Adds a column of power in units of `unitMw` and its part of the power balance.
   *
   * @param tie currency per unit of the column, besides what its power costs
   */
  addPower(t: number, unitMw: number, slope: Float64Array, lower: number, upper: number, tie = 0): number {
    const cost = this.costPerMw(t, slope) * unitMw + tie / this.site.moneyUnit;
    const column = this.builder.addColumn(cost, lower, upper);
    this.addToBalance(t, column, unitMw);
    return column;
  }

  addToBalance(t: number, column: number, unitMw: number): void {
    if (!this.site.isCoupled[t]) return;
    const { columns, coefficients } = this.balance[t]!;
    columns.push(column);
    coefficients.push(unitMw / this.site.powerUnitMw);
  }

  /**
   * Adds limits that may be exceeded at a price: column * sign <= limit + breach.
   *
   * @param unit MW or MWh per unit of the columns and limits
   */
  addPricedLimit({ highest, perHour }: BreachPrice, unit: number, limited: LimitedColumn[]): void {
    const { problem, moneyUnit } = this.site;
    const top = highest === undefined ? 0 : highestOf(highest);
    const worst = highest === undefined ? -1 : this.builder.addColumn((top * unit) / moneyUnit, 0, Infinity);
    for (const { t, column, sign, limit } of limited) {
      const price = perHour === undefined ? 0 : valueAt(perHour, t) * problem.stepHours;
      const breach = this.builder.addColumn((price * unit) / moneyUnit, 0, Infinity);
      this.builder.addRow(-Infinity, limit, [column, breach], [sign, -1]);
      // The breach that costs most is paid; the column has the unit of breaches at the highest price.
      const share = top > 0 ? valueAt(highest!, t) / top : 1;
      if (worst >= 0 && share > 0) this.builder.addRow(-Infinity, 0, [breach, worst], [share, -1]);
    }
  }

  /**
   * Excludes that two columns are above zero together. Without binary variables, both may be by shares of their maximum
   * that add up to at most 1.
   */
  addExclusion(usesBinaries: boolean, a: number, aMax: number, b: number, bMax: number): void {
    if (!usesBinaries) {
      this.builder.addRow(-Infinity, 1, [a, b], [1 / aMax, 1 / bMax]);
      return;
    }
    const choice = this.builder.addColumn(0, 0, 1, 'integer');
    this.builder.addRow(-Infinity, 0, [a, choice], [1, -aMax]);
    this.builder.addRow(-Infinity, bMax, [b, choice], [1, bMax]);
  }

  /** Adds the power balance of step t: the sum of all devices is the net power. */
  addBalanceRow(t: number, { imported, exported }: NetColumns): number {
    const { columns, coefficients } = this.balance[t]!;
    const fixed = -this.site.fixedPowerMw[t]! / this.site.powerUnitMw;
    columns.push(imported);
    coefficients.push(-1);
    if (exported >= 0) {
      columns.push(exported);
      coefficients.push(1);
    }
    return this.builder.addRow(fixed, fixed, columns, coefficients);
  }
}
