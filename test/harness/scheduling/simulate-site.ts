import type {
  BreachPrice,
  Commitment,
  Connection,
  FlexibleDevice,
  OperationMode,
  SharedStock,
  SiteProblem,
  Stock,
  StorageDevice,
} from '#lib/scheduling/model';

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

/** MW into a stock by power at the meter. */
function intoStock(
  device: Pick<StorageDevice, 'roundtripEfficiency' | 'chargingEfficiency' | 'dischargingEfficiency'>,
  powerMw: number,
  t: number,
): number {
  const ownEfficiency = Math.sqrt(device.roundtripEfficiency);
  return powerMw > 0
    ? powerMw * at(device.chargingEfficiency, t, ownEfficiency)
    : powerMw / at(device.dischargingEfficiency, t, ownEfficiency);
}

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
      if (device.kind === 'flexible') this.flexible(device, power);
      if ('modes' in device && device.modes) this.modes(device.id, device.modes, power);
    });
    for (const stock of problem.stocks ?? []) this.sharedStock(stock);
    for (const { name, ports } of problem.couplings ?? []) this.coupling(name, ports);
    this.connection(
      'site',
      this.sumOf(({ commodity }) => commodity === undefined),
      problem,
    );
    for (const one of problem.commodities ?? [])
      this.connection(
        one.name,
        this.sumOf(({ commodity }) => commodity === one.name),
        one,
      );
    for (const group of problem.groups ?? []) {
      const power = this.sumOf(({ id }) => group.members.includes(id));
      const produced = power.map((one) => -one);
      this.capacity(`${group.id}: consumption-capacity`, power, group.consumptionCapacity);
      this.capacity(`${group.id}: production-capacity`, produced, group.productionCapacity);
    }
    for (const one of problem.commitments ?? []) this.commitment(one);
    return { cost: this.cost, turnover: this.turnover, broken: this.broken };
  }

  private atMost(what: string, t: number, value: number, limit: number): void {
    if (!(value <= limit + this.tolerance))
      this.broken.push(`${what}: ${value} beyond ${limit} in step ${t}`);
  }

  private sumOf(isMember: (device: SiteProblem['devices'][number]) => boolean): number[] {
    const { devices, steps } = this.problem;
    const members = this.powers.filter((_, i) => isMember(devices[i]!));
    return Array.from({ length: steps }, (_, t) => members.reduce((sum, power) => sum + power[t]!, 0));
  }

  private commitment({ members, commodity, baselineMw, upPrices, downPrices }: Commitment): void {
    const power = this.sumOf((one) => (members ? members.includes(one.id) : one.commodity === commodity));
    power.forEach((one, t) => {
      if (Number.isNaN(baselineMw[t]!)) return;
      const above = one - baselineMw[t]!;
      const cost = above * (above > 0 ? upPrices[t]! : downPrices[t]!) * this.problem.stepHours;
      this.cost += cost;
      this.turnover += Math.abs(cost);
    });
  }

  private coupling(name: string, ports: readonly { device: string; coefficient: number }[]): void {
    const levels = ports.map(({ device, coefficient }) =>
      this.sumOf(({ id }) => id === device).map((power) => power / coefficient),
    );
    levels[0]!.forEach((level, t) => {
      for (const other of levels)
        this.atMost(`${name} runs in proportion`, t, Math.abs(other[t]! - level), 0);
    });
  }

  private modes(id: string, modes: readonly OperationMode[], power: Float64Array): void {
    power.forEach((mw, t) => {
      const misses = modes.map(({ lowestMw, highestMw }) => Math.max(lowestMw - mw, mw - highestMw));
      this.atMost(`${id} runs in a mode`, t, Math.min(...misses), 0);
    });
  }

  private flexible(device: FlexibleDevice, power: Float64Array): void {
    const { id } = device;
    const consumed = Array.from(power);
    const produced = consumed.map((one) => -one);
    consumed.forEach((one, t) => this.atMost(`${id} charges`, t, one, at(device.consumptionMaxMw, t)));
    produced.forEach((one, t) => this.atMost(`${id} discharges`, t, one, at(device.productionMaxMw, t)));
    this.capacity(`${id}: consumption-capacity`, consumed, device.consumptionCapacity);
    this.capacity(`${id}: production-capacity`, produced, device.productionCapacity);
  }

  private sharedStock(stock: SharedStock): void {
    const feeders = this.problem.devices.flatMap((device, i) =>
      device.kind === 'flexible' && device.stock?.id === stock.id
        ? [{ link: device.stock, power: this.powers[i]! }]
        : [],
    );
    const inflow = (t: number) =>
      at(stock.stockInflowMw, t, 0) +
      feeders.reduce((sum, { link, power }) => sum + intoStock(link, power[t]!, t), 0);
    this.soc(stock, this.stocks(stock, inflow));
  }

  private connection(name: string, net: number[], connection: Connection): void {
    const { stepHours } = this.problem;
    net.forEach((power, t) => {
      const price = power > 0 ? connection.consumptionPrices[t]! : connection.productionPrices[t]!;
      this.cost += power * price * stepHours;
      this.turnover += Math.abs(power * price * stepHours);
    });
    const produced = net.map((power) => -power);
    this.capacity(`${name}-consumption-capacity`, net, connection.consumptionCapacity);
    this.capacity(`${name}-production-capacity`, produced, connection.productionCapacity);
    for (const [peak, series] of [
      [connection.consumptionPeak, net],
      [connection.productionPeak, produced],
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
    const inflow = (t: number) => at(device.stockInflowMw, t, 0) + intoStock(device, power[t]!, t);
    this.soc(device, this.stocks(device, inflow));
  }

  private soc(device: Stock & { id: string }, stock: number[]): void {
    const { id: name } = device;
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
  private stocks({ storageEfficiency, socAtStartMwh }: Stock, inflow: (t: number) => number): number[] {
    const { stepHours, steps } = this.problem;
    let stock = socAtStartMwh;
    return Array.from({ length: steps }, (_, t) => {
      const rate = -Math.log(at(storageEfficiency, t, 1)) / stepHours;
      const kept = Math.exp(-rate * stepHours);
      const hours = rate === 0 ? stepHours : (1 - kept) / rate;
      stock = kept * stock + hours * inflow(t);
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
