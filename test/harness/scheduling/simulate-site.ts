import type { BreachPrice, SiteProblem, StorageDevice } from '#lib/scheduling/model';

/** Costs and violations of a schedule, calculated from the problem without code of the scheduler. */
export interface Simulation {
  /** Currency. */
  cost: number;
  /** Currency; sum of the absolute costs and revenues of energy. */
  turnover: number;
  /** Violated hard limits: the limit, the step and the amount. */
  broken: string[];
}

const at = (value: number | Float64Array | undefined, t: number, otherwise = NaN): number =>
  value === undefined ? otherwise : typeof value === 'number' ? value : value[t]!;

/** @param powers MW per step, consumption positive, by device */
export function simulateSite(
  problem: SiteProblem,
  powers: readonly Float64Array[],
  tolerance: number,
): Simulation {
  return new SiteSimulation(problem, powers, tolerance).run();
}

class SiteSimulation {
  private cost = 0;
  private turnover = 0;
  private readonly broken: string[] = [];

  constructor(
    private readonly problem: SiteProblem,
    private readonly powers: readonly Float64Array[],
    private readonly tolerance: number,
  ) {}

  run(): Simulation {
    const { problem, powers } = this;
    problem.devices.forEach((device, i) => {
      const power = powers[i]!;
      for (let t = 0; t < problem.steps; t++) {
        if (!Number.isFinite(power[t]!)) this.broken.push(`${device.id}: no number in step ${t}`);
        if (device.kind === 'inflexible') this.atMost(`${device.id} is given`, t, Math.abs(power[t]! - device.powerMw[t]!), 0); // prettier-ignore
        if (device.kind !== 'curtailable') continue;
        this.atMost(`${device.id} produces`, t, -power[t]!, device.forecastMw[t]!);
        this.atMost(`${device.id} does not consume`, t, power[t]!, 0);
      }
      if (device.kind === 'storage') this.storage(device, power);
      if (device.kind === 'process') this.process(device, power);
    });
    this.connection();
    return { cost: this.cost, turnover: this.turnover, broken: this.broken };
  }

  private atMost(what: string, t: number, value: number, limit: number): void {
    if (!(value <= limit + this.tolerance))
      this.broken.push(`${what}: ${value} beyond ${limit} in step ${t}`);
  }

  private connection(): void {
    const { problem } = this;
    const { steps, stepHours } = problem;
    const net = Array.from({ length: steps }, (_, t) =>
      this.powers.reduce((sum, power) => sum + power[t]!, 0),
    );
    net.forEach((power, t) => {
      const price = power > 0 ? problem.consumptionPrices[t]! : problem.productionPrices[t]!;
      this.cost += power * price * stepHours;
      this.turnover += Math.abs(power * price * stepHours);
    });
    const produced = net.map((power) => -power);
    this.capacity('site-consumption-capacity', net, problem.consumptionCapacity);
    this.capacity('site-production-capacity', produced, problem.productionCapacity);
    for (const [peak, series] of [
      [problem.consumptionPeak, net],
      [problem.productionPeak, produced],
    ] as const) {
      if (peak) {
        const costs = series.map((power, t) => at(peak.pricePerMw, t) * (power - at(peak.previousMw, t)));
        this.cost += Math.max(0, ...costs);
      }
    }
  }

  private capacity(what: string, powerMw: number[], capacity: SiteProblem['consumptionCapacity']): void {
    if (!capacity) return;
    powerMw.forEach((power, t) => this.atMost(what, t, power, at(capacity.hardLimitMw, t, Infinity)));
    const excess = powerMw.map((power, t) => power - at(capacity.mw, t));
    this.excess(what, excess, capacity.breach);
  }

  /** Adds amounts above a limit: as a cost if the limit has a price, otherwise as a violation. */
  private excess(what: string, excess: number[], breach: BreachPrice | undefined): void {
    if (!breach) {
      excess.forEach((one, t) => this.atMost(what, t, one, 0));
      return;
    }
    const paid = excess.map((one) => Math.max(0, one));
    this.cost += Math.max(...paid.map((one, t) => one * at(breach.highest, t, 0)));
    paid.forEach((one, t) => (this.cost += one * at(breach.perHour, t, 0) * this.problem.stepHours));
  }

  private storage(device: StorageDevice, power: Float64Array): void {
    const { id: name } = device;
    const consumed = Array.from(power);
    const produced = consumed.map((one) => -one);
    consumed.forEach((one, t) => this.atMost(`${name} charges`, t, one, at(device.chargePowerMaxMw, t)));
    produced.forEach((one, t) =>
      this.atMost(`${name} discharges`, t, one, at(device.dischargePowerMaxMw, t)),
    );
    this.capacity(`${name}: consumption-capacity`, consumed, device.consumptionCapacity);
    this.capacity(`${name}: production-capacity`, produced, device.productionCapacity);
    const stock = this.stocks(device, power);
    stock.forEach((mwh, t) => {
      const target = device.socTargets?.find(({ step }) => step === t + 1)?.socMwh;
      this.atMost(`${name}: soc-max`, t, mwh, target ?? at(device.socMaxMwh, t));
      this.atMost(`${name}: soc-min`, t, -mwh, -(target ?? at(device.socMinMwh, t)));
    });
    const { socMinima: minima, socMaxima: maxima } = device;
    const known = (amount: number) => (Number.isNaN(amount) ? 0 : amount);
    if (minima) this.excess(`${name}: soc-minima`, stock.map((mwh, t) => known(minima.mwh[t]! - mwh)), minima.breach); // prettier-ignore
    if (maxima) this.excess(`${name}: soc-maxima`, stock.map((mwh, t) => known(mwh - maxima.mwh[t]!)), maxima.breach); // prettier-ignore
  }

  /**
   * MWh at the end of each step. Stock leaks at a constant rate r: ds/dt = inflow - r s with a constant inflow in a step
   * of h hours. Thus the share e^(-r h) of the stock remains, and an inflow i adds i (1 - e^(-r h)) / r.
   */
  private stocks(device: StorageDevice, power: Float64Array): number[] {
    const { stepHours } = this.problem;
    const ownEfficiency = Math.sqrt(device.roundtripEfficiency);
    let stock = device.socAtStartMwh;
    return Array.from(power, (one, t) => {
      const rate = -Math.log(at(device.storageEfficiency, t, 1)) / stepHours;
      const kept = Math.exp(-rate * stepHours);
      const hours = rate === 0 ? stepHours : (1 - kept) / rate;
      const inflow =
        at(device.stockInflowMw, t, 0) +
        (one > 0
          ? one * at(device.chargingEfficiency, t, ownEfficiency)
          : one / at(device.dischargingEfficiency, t, ownEfficiency));
      stock = kept * stock + hours * inflow;
      return stock;
    });
  }

  private process(device: SiteProblem['devices'][number] & { kind: 'process' }, power: Float64Array): void {
    const { id: name, type, powerMw, durationSteps, forbidden } = device;
    const isOn = Array.from(power, (one) => Math.abs(one - powerMw) <= this.tolerance);
    power.forEach((one, t) => {
      if (isOn[t] && forbidden?.[t]) this.broken.push(`${name}: runs in step ${t}, where it may not`);
      if (!isOn[t]) this.atMost(`${name}: runs fully or not at all`, t, Math.abs(one), 0);
    });
    const runs = isOn.filter(Boolean).length;
    const starts = isOn.filter((on, t) => on && !isOn[t - 1]).length;
    if (runs !== durationSteps) this.broken.push(`${name}: runs ${runs} steps instead of ${durationSteps}`);
    if (type !== 'BREAKABLE' && starts > 1) this.broken.push(`${name}: breaks`);
    const earliest = isOn.findIndex((_, t) => !forbidden?.subarray(t, t + durationSteps).includes(1));
    if (type === 'INFLEXIBLE' && !isOn[earliest]) this.broken.push(`${name}: runs later than it can`);
  }
}
