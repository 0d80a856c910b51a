import { ProgramBuilder, type Solver } from '#lib/solver/model';
import type {
  Capacity,
  Connection,
  FlexibleDevice,
  OperationMode,
  SharedStock,
  SiteProblem,
  Stock,
  StorageDevice,
} from '../problem/site-problem';

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

/** A column and its coefficient. */
type Term = [column: number, coefficient: number];

class ReferenceProgram {
  private readonly builder = new ProgramBuilder();
  /** By device and step: columns and their share of the power of the device. */
  private readonly power = new Map<string, Term[][]>();
  /** By device: MW per step that are given. */
  private readonly given = new Map<string, Float64Array>();
  /** Terms of the device that is added. */
  private net: Term[][] = [];

  constructor(private readonly problem: SiteProblem) {
    for (const device of problem.devices) {
      this.net = this.noTerms();
      this.power.set(device.id, this.net);
      if (device.kind === 'storage') this.addStorage(device);
      if (device.kind === 'inflexible') this.given.set(device.id, device.powerMw);
      if (device.kind === 'curtailable') {
        device.forecastMw.forEach((most, t) => this.net[t]!.push([this.column(0, 0, most), -1]));
      }
      if (device.kind === 'process') this.addProcess(device);
      if (device.kind === 'flexible') this.addFlexible(device);
      if ('modes' in device && device.modes) this.addModes(this.net, device.modes);
    }
    for (const stock of problem.stocks ?? []) this.addSharedStock(stock);
    for (const { ports } of problem.couplings ?? []) this.addCoupling(ports);
    const ofCommodity = (name: string | undefined) =>
      problem.devices.filter(({ commodity }) => commodity === name).map(({ id }) => id);
    this.addMeter(ofCommodity(undefined), problem);
    for (const one of problem.commodities ?? []) this.addMeter(ofCommodity(one.name), one);
    const noPrices = new Float64Array(problem.steps);
    for (const group of problem.groups ?? []) {
      this.addMeter(group.members, { ...group, consumptionPrices: noPrices, productionPrices: noPrices });
    }
    for (const one of problem.commitments ?? []) {
      const known = (price: number, t: number) => (Number.isNaN(one.baselineMw[t]!) ? 0 : price);
      const prices = {
        consumptionPrices: one.upPrices.map(known),
        productionPrices: one.downPrices.map(known),
      };
      this.addMeter(one.members ?? ofCommodity(one.commodity), prices, one.baselineMw);
    }
  }

  private noTerms = (): Term[][] => Array.from({ length: this.problem.steps }, () => []);

  build() {
    return this.builder.build();
  }

  private column(cost: number, lower = 0, upper = Infinity, kind?: 'integer'): number {
    return this.builder.addColumn(cost, lower, upper, kind);
  }

  private row(lower: number, upper: number, terms: Term[]): void {
    this.builder.addRow(lower, upper, terms.map(([column]) => column), terms.map(([, one]) => one)); // prettier-ignore
  }

  /** sum <= limit, or more at a price. */
  private limit(terms: Term[][], capacity: Capacity, offset: Float64Array): void {
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
    const charging: Term[][] = [];
    const discharging: Term[][] = [];
    const stock: Term[][] = [];
    const lacking: Term[][] = [];
    for (let t = 0; t < steps; t++) {
      const [most, least] = [at(device.chargePowerMaxMw, t), at(device.dischargePowerMaxMw, t)];
      const [c, d] = this.addDirections(t, most, least);
      charging.push([[c, 1]]);
      discharging.push([[d, 1]]);
      const target = device.socTargets?.find(({ step }) => step === t + 1)?.socMwh;
      const s = this.column(0, target ?? at(device.socMinMwh, t), target ?? at(device.socMaxMwh, t));
      const kept = at(device.storageEfficiency ?? 1, t);
      const arriving = kept === 1 ? stepHours : (stepHours * (kept - 1)) / Math.log(kept);
      const terms: Term[] = [
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
    this.limitStock(device, stock, lacking);
  }

  /** Columns of consumption and production in step `t`, of which a binary variable allows one. */
  private addDirections(t: number, most: number, least: number): [consumption: number, production: number] {
    const c = this.column(0, 0, most);
    const d = this.column(0, 0, least);
    const choice = this.column(0, 0, 1, 'integer');
    this.row(-Infinity, 0, [[c, 1], [choice, -most]]); // prettier-ignore
    this.row(-Infinity, least, [[d, 1], [choice, least]]); // prettier-ignore
    this.net[t]!.push([c, 1], [d, -1]);
    return [c, d];
  }

  private addFlexible(device: FlexibleDevice): void {
    const { steps } = this.problem;
    const none = new Float64Array(steps);
    const [consuming, producing] = [this.noTerms(), this.noTerms()];
    for (let t = 0; t < steps; t++) {
      const [most, least] = [at(device.consumptionMaxMw, t), at(device.productionMaxMw, t)];
      const [c, d] = this.addDirections(t, most, least);
      consuming[t]!.push([c, 1]);
      producing[t]!.push([d, 1]);
    }
    if (device.consumptionCapacity) this.limit(consuming, device.consumptionCapacity, none);
    if (device.productionCapacity) this.limit(producing, device.productionCapacity, none);
  }

  /** In each step, one mode is chosen, and the power lies in its range. */
  private addModes(power: Term[][], modes: readonly OperationMode[]): void {
    for (const terms of power) {
      const choices = modes.map(() => this.column(0, 0, 1, 'integer'));
      this.row(1, 1, choices.map((choice) => [choice, 1])); // prettier-ignore
      modes.forEach(({ lowestMw, highestMw }, m) => {
        this.row(lowestMw - bigMw, Infinity, [...terms, [choices[m]!, -bigMw]]);
        this.row(-Infinity, highestMw + bigMw, [...terms, [choices[m]!, bigMw]]);
      });
    }
  }

  private addCoupling(ports: readonly { device: string; coefficient: number }[]): void {
    for (let t = 0; t < this.problem.steps; t++) {
      const level = this.column(0, -Infinity);
      for (const { device, coefficient } of ports) {
        this.row(0, 0, [...this.power.get(device)![t]!, [level, -coefficient]]);
      }
    }
  }

  private addSharedStock(stock: SharedStock): void {
    const { steps, stepHours, devices } = this.problem;
    const feeders = devices
      .filter((one) => one.kind === 'flexible')
      .filter((one) => one.stock?.id === stock.id);
    const [above, below] = [this.noTerms(), this.noTerms()];
    let previous = -1;
    for (let t = 0; t < steps; t++) {
      const target = stock.socTargets?.find(({ step }) => step === t + 1)?.socMwh;
      const s = this.column(0, target ?? at(stock.socMinMwh, t), target ?? at(stock.socMaxMwh, t));
      const kept = at(stock.storageEfficiency ?? 1, t);
      const arriving = kept === 1 ? stepHours : (stepHours * (kept - 1)) / Math.log(kept);
      const terms: Term[] = [[s, 1]];
      for (const { id, stock: link } of feeders) {
        const efficiency = Math.sqrt(link!.roundtripEfficiency);
        const [[c], [d]] = this.power.get(id)![t]! as [Term, Term];
        terms.push([c, -arriving * at(link!.chargingEfficiency ?? efficiency, t)]);
        terms.push([d, arriving / at(link!.dischargingEfficiency ?? efficiency, t)]);
      }
      if (previous >= 0) terms.push([previous, -kept]);
      const inflow = arriving * (stock.stockInflowMw?.[t] ?? 0) + (t === 0 ? kept * stock.socAtStartMwh : 0);
      this.row(inflow, inflow, terms);
      above[t]!.push([s, 1]);
      below[t]!.push([s, -1]);
      previous = s;
    }
    this.limitStock(stock, above, below);
  }

  private limitStock({ socMinima, socMaxima }: Stock, above: Term[][], below: Term[][]): void {
    const none = new Float64Array(this.problem.steps);
    const known = (mwh: Float64Array, sign: 1 | -1) =>
      mwh.map((one) => (Number.isNaN(one) ? Infinity : sign * one));
    if (socMinima) this.limit(below, { ...socMinima, mw: known(socMinima.mwh, -1) }, none);
    if (socMaxima) this.limit(above, { ...socMaxima, mw: known(socMaxima.mwh, 1) }, none);
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

  /**
   * Adds the total power of devices, what it costs, and its limits.
   *
   * @param baseline MW per step that count as 0, NaN for none
   */
  private addMeter(ids: readonly string[], connection: Connection, baseline?: Float64Array): void {
    const { stepHours, steps } = this.problem;
    const fixed = new Float64Array(steps);
    const net = this.noTerms();
    for (const id of ids) {
      this.power.get(id)!.forEach((terms, t) => net[t]!.push(...terms));
      this.given.get(id)?.forEach((mw, t) => (fixed[t]! += mw));
    }
    baseline?.forEach((mw, t) => (fixed[t]! -= Number.isNaN(mw) ? 0 : mw));
    net.forEach((terms, t) => {
      const imported = this.column(connection.consumptionPrices[t]! * stepHours, 0, bigMw);
      const exported = this.column(-connection.productionPrices[t]! * stepHours, 0, bigMw);
      const choice = this.column(0, 0, 1, 'integer');
      this.row(-Infinity, 0, [[imported, 1], [choice, -bigMw]]); // prettier-ignore
      this.row(-Infinity, bigMw, [[exported, 1], [choice, bigMw]]); // prettier-ignore
      this.row(-fixed[t]!, -fixed[t]!, [...terms, [imported, -1], [exported, 1]]);
    });
    const produced = net.map((terms) => terms.map(([column, one]): Term => [column, -one]));
    const sides = [
      [net, fixed, connection.consumptionCapacity, connection.consumptionPeak],
      [produced, fixed.map((power) => -power), connection.productionCapacity, connection.productionPeak],
    ] as const;
    for (const [terms, offset, capacity, peak] of sides) {
      if (capacity) this.limit(terms, capacity, offset);
      if (peak) this.limit(terms, { mw: peak.previousMw, breach: { highest: peak.pricePerMw } }, offset);
    }
  }
}
