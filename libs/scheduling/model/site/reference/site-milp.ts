import { ProgramBuilder, type Solver } from '#lib/solver/model';
import type { Capacity, SiteProblem, StorageDevice } from '../problem/site-problem';

const at = (value: number | Float64Array, t: number) => (typeof value === 'number' ? value : value[t]!);

/**
 * The textbook formulation of a site as a mixed-integer program, with binary variables for each storage, each process and
 * the site in each step, in MW, MWh and currency. It shares only the problem's type with the scheduler, so specs use it to
 * prove the costs of the scheduler.
 *
 * @returns the optimal cost in currency, or undefined if no schedule meets all constraints
 */
export async function siteReferenceCost(problem: SiteProblem, solver: Solver): Promise<number | undefined> {
  const program = new ReferenceProgram(problem);
  const { status, objective } = await solver.solve(program.build());
  if (status === 'infeasible') return undefined;
  if (status !== 'optimal') throw new Error(`The reference program ended as ${status}.`);
  return objective;
}

/** MW; more than any power in the specs. */
const bigMw = 50;

class ReferenceProgram {
  private readonly builder = new ProgramBuilder();
  /** By step: columns and their share of the net power. */
  private readonly net: [number, number][][];
  private readonly fixed: Float64Array;

  constructor(private readonly problem: SiteProblem) {
    this.net = Array.from({ length: problem.steps }, () => []);
    this.fixed = new Float64Array(problem.steps);
    for (const device of problem.devices) {
      if (device.kind === 'storage') this.addStorage(device);
      if (device.kind === 'inflexible') device.powerMw.forEach((power, t) => (this.fixed[t]! += power));
      if (device.kind === 'curtailable') {
        device.forecastMw.forEach((most, t) => this.net[t]!.push([this.column(0, 0, most), -1]));
      }
      if (device.kind === 'process') this.addProcess(device);
    }
    this.addSite();
  }

  build() {
    return this.builder.build();
  }

  private column(cost: number, lower = 0, upper = Infinity, kind?: 'integer'): number {
    return this.builder.addColumn(cost, lower, upper, kind);
  }

  private row(lower: number, upper: number, terms: [number, number][]): void {
    this.builder.addRow(lower, upper, terms.map(([column]) => column), terms.map(([, one]) => one)); // prettier-ignore
  }

  /** sum <= limit, or more at a price. */
  private limit(terms: [number, number][][], capacity: Capacity, offset: Float64Array): void {
    const { mw, breach, hardLimitMw: atMostMw } = capacity;
    const worst = this.column(1);
    terms.forEach((sum, t) => {
      if (atMostMw !== undefined) this.row(-Infinity, at(atMostMw, t) - offset[t]!, sum);
      const price = at(breach?.perHour ?? 0, t) * this.problem.stepHours;
      const excess = this.column(price, 0, breach ? Infinity : 0);
      this.row(-Infinity, at(mw, t) - offset[t]!, [...sum, [excess, -1]]);
      this.row(-Infinity, 0, [[excess, at(breach?.highest ?? 0, t)], [worst, -1]]); // prettier-ignore
    });
  }

  private addStorage(device: StorageDevice): void {
    const { steps, stepHours } = this.problem;
    const efficiency = Math.sqrt(device.roundtripEfficiency);
    const none = new Float64Array(steps);
    const charging: [number, number][][] = [];
    const discharging: [number, number][][] = [];
    const stock: [number, number][][] = [];
    const lacking: [number, number][][] = [];
    for (let t = 0; t < steps; t++) {
      const [most, least] = [at(device.chargePowerMaxMw, t), at(device.dischargePowerMaxMw, t)];
      const c = this.column(0, 0, most);
      const d = this.column(0, 0, least);
      const choice = this.column(0, 0, 1, 'integer');
      this.row(-Infinity, 0, [[c, 1], [choice, -most]]); // prettier-ignore
      this.row(-Infinity, least, [[d, 1], [choice, least]]); // prettier-ignore
      this.net[t]!.push([c, 1], [d, -1]);
      charging.push([[c, 1]]);
      discharging.push([[d, 1]]);
      const target = device.socTargets?.find(({ step }) => step === t + 1)?.socMwh;
      const s = this.column(0, target ?? at(device.socMinMwh, t), target ?? at(device.socMaxMwh, t));
      const kept = at(device.storageEfficiency ?? 1, t);
      const arriving = kept === 1 ? stepHours : (stepHours * (kept - 1)) / Math.log(kept);
      const terms: [number, number][] = [
        [s, 1],
        [c, -arriving * at(device.chargingEfficiency ?? efficiency, t)],
        [d, arriving / at(device.dischargingEfficiency ?? efficiency, t)],
      ];
      if (t > 0) terms.push([stock[t - 1]![0]![0], -kept]);
      const inflow =
        arriving * (device.stockInflowMw?.[t] ?? 0) + (t === 0 ? kept * device.socAtStartMwh : 0);
      this.row(inflow, inflow, terms);
      stock.push([[s, 1]]);
      lacking.push([[s, -1]]);
    }
    if (device.consumptionCapacity) this.limit(charging, device.consumptionCapacity, none);
    if (device.productionCapacity) this.limit(discharging, device.productionCapacity, none);
    const { socMinima, socMaxima } = device;
    const known = (mwh: Float64Array, sign: 1 | -1) =>
      mwh.map((one) => (Number.isNaN(one) ? Infinity : sign * one));
    if (socMinima) this.limit(lacking, { ...socMinima, mw: known(socMinima.mwh, -1) }, none);
    if (socMaxima) this.limit(stock, { ...socMaxima, mw: known(socMaxima.mwh, 1) }, none);
  }

  private addProcess(process: SiteProblem['devices'][number] & { kind: 'process' }): void {
    const { steps } = this.problem;
    const { type, powerMw, durationSteps, forbidden } = process;
    const length = type === 'BREAKABLE' ? 1 : durationSteps;
    const fits = (start: number) =>
      start + length <= steps && !forbidden?.subarray(start, start + length).includes(1);
    let starts = Array.from({ length: steps }, (_, t) => t).filter(fits);
    if (type === 'INFLEXIBLE') starts = starts.slice(0, 1);
    const columns = starts.map((start) => {
      const column = this.column(0, 0, 1, 'integer');
      for (let t = start; t < start + length; t++) this.net[t]!.push([column, powerMw]);
      return column;
    });
    const times = type === 'BREAKABLE' ? durationSteps : 1;
    this.row(times, times, columns.map((column) => [column, 1])); // prettier-ignore
  }

  private addSite(): void {
    const { problem } = this;
    const { stepHours } = problem;
    this.net.forEach((terms, t) => {
      const imported = this.column(problem.consumptionPrices[t]! * stepHours, 0, bigMw);
      const exported = this.column(-problem.productionPrices[t]! * stepHours, 0, bigMw);
      const choice = this.column(0, 0, 1, 'integer');
      this.row(-Infinity, 0, [[imported, 1], [choice, -bigMw]]); // prettier-ignore
      this.row(-Infinity, bigMw, [[exported, 1], [choice, bigMw]]); // prettier-ignore
      this.row(-this.fixed[t]!, -this.fixed[t]!, [...terms, [imported, -1], [exported, 1]]);
    });
    const produced = this.net.map((terms) => terms.map(([column, one]): [number, number] => [column, -one]));
    const sides = [
      [this.net, this.fixed, problem.consumptionCapacity, problem.consumptionPeak],
      [produced, this.fixed.map((power) => -power), problem.productionCapacity, problem.productionPeak],
    ] as const;
    for (const [terms, offset, capacity, peak] of sides) {
      if (capacity) this.limit(terms, capacity, offset);
      if (peak) this.limit(terms, { mw: peak.previousMw, breach: { highest: peak.pricePerMw } }, offset);
    }
  }
}
