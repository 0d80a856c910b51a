import { ProgramBuilder } from '#lib/solver/model';
import { valueAt } from '../../problem/stock';
import type { PreparedSite } from '../problem/prepared-site';
import type { BreachPrice } from '../problem/site-problem';

/** Import and export columns of one step; the same column where the site has one price. */
export interface NetColumns {
  imported: number;
  /** -1 where `imported` is negative for exports. */
  exported: number;
}

/** What the parts of a site put into its program. */
export class SiteProgramBuilder {
  readonly builder = new ProgramBuilder();
  private readonly balance: { columns: number[]; coefficients: number[] }[];

  constructor(readonly frame: PreparedSite) {
    this.balance = Array.from({ length: frame.problem.steps }, () => ({ columns: [], coefficients: [] }));
  }

  /** Money units that 1 MW over step t costs a device directly. */
  costPerMw(t: number, slope: Float64Array): number {
    const { directPrices, problem, moneyUnit } = this.frame;
    return ((directPrices[t]! + slope[t]!) * problem.stepHours) / moneyUnit;
  }

  /** Adds a column of power, with its part in the site's balance. */
  addPower(t: number, unitMw: number, slope: Float64Array, lower: number, upper: number): number {
    const column = this.builder.addColumn(this.costPerMw(t, slope) * unitMw, lower, upper);
    this.addToBalance(t, column, unitMw);
    return column;
  }

  addToBalance(t: number, column: number, unitMw: number): void {
    if (!this.frame.isCoupled[t]) return;
    const { columns, coefficients } = this.balance[t]!;
    columns.push(column);
    coefficients.push(unitMw / this.frame.powerUnitMw);
  }

  /** Lets `amount` exceed `limit` at a price: `column * sign <= limit + breach`. All in units of `unit`. */
  addBreach(
    { highest, perHour: lasting }: BreachPrice,
    unit: number,
    over: { t: number; column: number; sign: 1 | -1; limit: number }[],
  ): void {
    const { problem, moneyUnit } = this.frame;
    const worst =
      highest === undefined ? -1 : this.builder.addColumn((highest * unit) / moneyUnit, 0, Infinity);
    for (const { t, column, sign, limit } of over) {
      const price = lasting === undefined ? 0 : valueAt(lasting, t) * problem.stepHours;
      const breach = this.builder.addColumn((price * unit) / moneyUnit, 0, Infinity);
      this.builder.addRow(-Infinity, limit, [column, breach], [sign, -1]);
      if (worst >= 0) this.builder.addRow(-Infinity, 0, [breach, worst], [1, -1]);
    }
  }

  /** Lets only one of two columns be above zero; or, when not whole, both of them by shares that add up to 1. */
  addExclusion(isWhole: boolean, a: number, aMax: number, b: number, bMax: number): void {
    if (!isWhole) {
      this.builder.addRow(-Infinity, 1, [a, b], [1 / aMax, 1 / bMax]);
      return;
    }
    const choice = this.builder.addColumn(0, 0, 1, 'integer');
    this.builder.addRow(-Infinity, 0, [a, choice], [1, -aMax]);
    this.builder.addRow(-Infinity, bMax, [b, choice], [1, bMax]);
  }

  addBalanceRow(t: number, { imported, exported }: NetColumns): number {
    const { columns, coefficients } = this.balance[t]!;
    const fixed = -this.frame.fixedPowerMw[t]! / this.frame.powerUnitMw;
    columns.push(imported);
    coefficients.push(-1);
    if (exported >= 0) {
      columns.push(exported);
      coefficients.push(1);
    }
    return this.builder.addRow(fixed, fixed, columns, coefficients);
  }
}
