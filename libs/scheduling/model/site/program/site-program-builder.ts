import { type Labels, ProgramBuilder } from '#lib/solver/model';
import { highestOf, valueAt } from '../../problem/stock';
import { directPriceAt, type PreparedSite } from '../problem/prepared/prepared-site';
import type { BreachPrice } from '../problem/site-problem';
import { RankRows } from './rank-rows';

/** Columns of the net power in one step. */
export interface NetColumns {
  /** Imports; or the net power, negative for exports, if `exported` is -1. */
  imported: number;
  /** Exports; -1 if there is one column for both directions. */
  exported: number;
  /** Binary variable that is 1 if power may flow in, 0 if it may flow out; undefined if there is none. */
  choice?: number;
}

/** A column that must not exceed a limit: column * sign <= limit. */
export interface LimitedColumn {
  t: number;
  column: number;
  sign: 1 | -1;
  limit: number;
}

/** What a column or row of a program belongs to. */
const subjects = [
  'consumption',
  'production',
  'stock',
  'directions',
  'modes',
  'shared stock',
  'choices',
  'run',
  'level',
  'net power',
  'balance',
  'limit',
  'rank',
] as const;

type Subject = (typeof subjects)[number];

const codes = new Map(subjects.map((subject, code) => [subject, code]));

/** Terms of a sum of power: columns and their power units per unit of the column. */
interface Terms {
  columns: number[];
  coefficients: number[];
}

const noTerms = (steps: number): Terms[] =>
  Array.from({ length: steps }, () => ({ columns: [], coefficients: [] }));

/** Collects the columns and rows of a site's devices and the power balances of its meters. */
export class SiteProgramBuilder {
  readonly builder = new ProgramBuilder();
  /** By meter and step. */
  private readonly balances: Terms[][];
  /** By index of a device in a coupling, and step. */
  private readonly ports = new Map<number, Terms[]>();
  private limits = 0;
  readonly ranks: RankRows;

  constructor(readonly site: PreparedSite) {
    const { steps, couplings = [], devices } = site.problem;
    this.ranks = new RankRows(this.builder, site);
    this.balances = site.meters.map(() => noTerms(steps));
    const indices = new Map(devices.map(({ id }, index) => [id, index]));
    for (const { ports } of couplings) {
      for (const { device } of ports) this.ports.set(indices.get(device)!, noTerms(steps));
    }
  }

  /**
   * Labels what is added next: it belongs to the step, and to the device or meter with this index. In programs of the
   * same site with other steps or restrictions, the same columns and rows have the same labels.
   */
  label(subject: Subject, index: number, step: number): void {
    this.builder.label(index * subjects.length + codes.get(subject)!, step);
  }

  get labels(): Labels {
    return this.builder.labels!;
  }

  /** Money units that 1 MW of a device costs directly in step t. */
  costPerMw(index: number, t: number, slope: Float64Array): number {
    const { problem, moneyUnit } = this.site;
    return ((directPriceAt(this.site, index, t) + slope[t]!) * problem.stepHours) / moneyUnit;
  }

  /**
   * Adds a column of power of a device in units of `unitMw` and its part of the power balances.
   *
   * @param tie currency per unit of the column, besides what its power costs
   */
  addPower(
    index: number,
    t: number,
    unitMw: number,
    slope: Float64Array,
    lower: number,
    upper: number,
    tie = 0,
  ): number {
    const cost = this.costPerMw(index, t, slope) * unitMw + tie / this.site.moneyUnit;
    this.label(unitMw > 0 ? 'consumption' : 'production', index, t);
    const column = this.builder.addColumn(cost, lower, upper);
    this.addToBalance(index, t, column, unitMw);
    return column;
  }

  addToBalance(index: number, t: number, column: number, unitMw: number): void {
    const { meters, metersOfDevice, powerUnitMw } = this.site;
    for (const m of metersOfDevice[index]!) {
      if (meters[m]!.isCoupled[t]) addTerm(this.balances[m]![t]!, column, unitMw / powerUnitMw);
    }
    const terms = this.ports.get(index);
    if (terms) addTerm(terms[t]!, column, unitMw / powerUnitMw);
  }

  /** The power of a device in a coupling in step t, in power units. */
  portTerms(index: number, t: number): Terms {
    return this.ports.get(index)![t]!;
  }

  /**
   * Adds limits that may be exceeded at a price: column * sign <= limit + breach.
   *
   * @param unit MW or MWh per unit of the columns and limits
   */
  addPricedLimit(price: BreachPrice, unit: number, limited: LimitedColumn[]): void {
    const { highest, perHour, rank, rankSteps } = price;
    const { problem, moneyUnit } = this.site;
    const index = this.limits++;
    this.label('limit', index, 0);
    const top = highest === undefined ? 0 : highestOf(highest);
    const worst = highest === undefined ? -1 : this.builder.addColumn((top * unit) / moneyUnit, 0, Infinity);
    for (const { t, column, sign, limit } of limited) {
      this.label('limit', index, t);
      const ranked = rankSteps?.[t] === 0 ? undefined : rank;
      const ofTotal = ranked ? ranked.totalPrice * ranked.perStep : 0;
      const price = ofTotal + (perHour === undefined ? 0 : valueAt(perHour, t) * problem.stepHours);
      const breach = this.builder.addColumn((price * unit) / moneyUnit, 0, Infinity);
      this.builder.addRow(-Infinity, limit, [column, breach], [sign, -1]);
      // The breach that costs most is paid; the column has the unit of breaches at the highest price.
      const share = top > 0 ? valueAt(highest!, t) / top : 1;
      if (worst >= 0 && share > 0) this.builder.addRow(-Infinity, 0, [breach, worst], [share, -1]);
      if (ranked) this.ranks.add(ranked, breach, unit);
    }
  }

  /**
   * Excludes that two columns are above zero together. Without binary variables, both may be by shares of their maximum
   * that add up to at most 1.
   *
   * @returns the binary variable that is 1 if the first may be above zero; undefined if there is none
   */
  addExclusion(usesBinaries: boolean, a: number, aMax: number, b: number, bMax: number): number | undefined {
    if (!usesBinaries) {
      this.builder.addRow(-Infinity, 1, [a, b], [1 / aMax, 1 / bMax]);
      return undefined;
    }
    const choice = this.builder.addColumn(0, 0, 1, 'integer');
    this.builder.addRow(-Infinity, 0, [a, choice], [1, -aMax]);
    this.builder.addRow(-Infinity, bMax, [b, choice], [1, bMax]);
    return choice;
  }

  /** Adds the power balance of meter m in step t: the sum of its devices is the net power. */
  addBalanceRow(m: number, t: number, { imported, exported }: NetColumns): number {
    this.label('balance', m, t);
    const terms = this.balances[m]![t]!;
    const fixed = -this.site.meters[m]!.fixedPowerMw[t]! / this.site.powerUnitMw;
    addTerm(terms, imported, -1);
    if (exported >= 0) addTerm(terms, exported, 1);
    return this.builder.addRow(fixed, fixed, terms.columns, terms.coefficients);
  }
}

function addTerm({ columns, coefficients }: Terms, column: number, coefficient: number): void {
  columns.push(column);
  coefficients.push(coefficient);
}
