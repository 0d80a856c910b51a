import type { Series } from '../../../problem/stock';
import type { PreparedSite } from './prepared-site';
import type {
  BreachPrice,
  Capacities,
  Capacity,
  Connection,
  Peak,
  SiteDevice,
  SiteProblem,
  SocBound,
  Stock,
  StockLink,
} from '../site-problem';

/** How many steps are taken together. */
const stepsTogether = 4;

/** A first solution pays only for programs with at least this number of rows. */
const leastRows = 600;

/** How many steps of a site to take together, so that a first solution is found sooner; 1 for small sites. */
export function coarseFactor({ problem, meters }: PreparedSite): number {
  const decisions = problem.devices.filter(({ kind }) => kind !== 'inflexible').length;
  const rows = problem.steps * (decisions + meters.length);
  return rows < leastRows ? 1 : stepsTogether;
}

/**
 * The same site in steps that are `factor` times as long. Its schedules are only near those of the site, because powers,
 * prices and limits of power are averaged, and stocks are limited at the end of the longer steps only.
 */
export function coarseProblem(problem: SiteProblem, factor: number): SiteProblem {
  const steps = Math.ceil(problem.steps / factor);
  const to = new Coarsening(problem.steps, steps, factor);
  return {
    ...problem,
    steps,
    stepHours: problem.stepHours * factor,
    ...to.connection(problem),
    devices: problem.devices.map((device) => to.device(device)),
    commodities: problem.commodities?.map((one) => ({ ...one, ...to.connection(one) })),
    groups: problem.groups?.map((one) => ({ ...one, ...to.capacities(one) })),
    commitments: problem.commitments?.map((one) => ({
      ...one,
      baselineMw: to.array(one.baselineMw),
      upPrices: to.array(one.upPrices),
      downPrices: to.array(one.downPrices),
    })),
    stocks: problem.stocks?.map((one) => ({ ...one, ...to.stock(one) })),
  };
}

type Efficiencies = Pick<StockLink, 'chargingEfficiency' | 'dischargingEfficiency'>;

class Coarsening {
  constructor(
    private readonly fineSteps: number,
    private readonly steps: number,
    private readonly factor: number,
  ) {}

  /** Means of what is known in the steps. */
  array(values: Float64Array): Float64Array {
    return this.reduce(values, (part) => {
      const known = part.filter((value) => !Number.isNaN(value));
      return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
    });
  }

  connection(one: Connection): Connection {
    return {
      consumptionPrices: this.array(one.consumptionPrices),
      productionPrices: this.array(one.productionPrices),
      consumptionPeak: this.peak(one.consumptionPeak),
      productionPeak: this.peak(one.productionPeak),
      ...this.capacities(one),
    };
  }

  capacities({ consumptionCapacity, productionCapacity }: Capacities): Capacities {
    return {
      consumptionCapacity: this.capacity(consumptionCapacity),
      productionCapacity: this.capacity(productionCapacity),
    };
  }

  device(device: SiteDevice): SiteDevice {
    switch (device.kind) {
      case 'inflexible':
        return { ...device, powerMw: this.array(device.powerMw) };
      case 'curtailable':
        return { ...device, forecastMw: this.array(device.forecastMw) };
      case 'process': {
        const forbidden = device.forbidden && this.flags(device.forbidden, (part) => part.every(Boolean));
        return { ...device, forbidden, durationSteps: device.durationSteps / this.factor };
      }
      case 'flexible':
        return {
          ...device,
          consumptionMaxMw: this.series(device.consumptionMaxMw),
          productionMaxMw: this.series(device.productionMaxMw),
          ...this.capacities(device),
          stock: device.stock && { ...device.stock, ...this.efficiencies(device.stock) },
        };
      default:
        return {
          ...device,
          chargePowerMaxMw: this.series(device.chargePowerMaxMw),
          dischargePowerMaxMw: this.series(device.dischargePowerMaxMw),
          ...this.capacities(device),
          ...this.efficiencies(device),
          ...this.stock(device),
        };
    }
  }

  stock(stock: Stock): Stock {
    const { storageEfficiency, stockInflowMw, socTargets } = stock;
    const targets = new Map(socTargets?.map(({ step, socMwh }) => [Math.ceil(step / this.factor), socMwh]));
    return {
      storageEfficiency:
        typeof storageEfficiency === 'object'
          ? this.reduce(storageEfficiency, (part) => part.reduce((product, one) => product * one, 1))
          : storageEfficiency && storageEfficiency ** this.factor,
      stockInflowMw: stockInflowMw && this.array(stockInflowMw),
      socAtStartMwh: stock.socAtStartMwh,
      socMinMwh: this.last(stock.socMinMwh),
      socMaxMwh: this.last(stock.socMaxMwh),
      socMinima: this.bound(stock.socMinima),
      socMaxima: this.bound(stock.socMaxima),
      socTargets: socTargets && [...targets].map(([step, socMwh]) => ({ step, socMwh })),
    };
  }

  private efficiencies({ chargingEfficiency, dischargingEfficiency }: Efficiencies): Efficiencies {
    return {
      chargingEfficiency: this.optional(chargingEfficiency),
      dischargingEfficiency: this.optional(dischargingEfficiency),
    };
  }

  private series = (value: Series): Series => (typeof value === 'number' ? value : this.array(value));

  private optional = (value: Series | undefined): Series | undefined =>
    value === undefined ? undefined : this.series(value);

  private capacity = (one: Capacity | undefined): Capacity | undefined =>
    one && {
      mw: this.series(one.mw),
      breach: this.breach(one.breach),
      hardLimitMw: this.optional(one.hardLimitMw),
    };

  private breach = (one: BreachPrice | undefined): BreachPrice | undefined =>
    one && {
      ...{ highest: this.optional(one.highest), perHour: this.optional(one.perHour) },
      ...{
        rank: one.rank,
        rankSteps: one.rankSteps && this.flags(one.rankSteps, (part) => part.some(Boolean)),
      },
    };

  private peak = (one: Peak | undefined): Peak | undefined =>
    one && { previousMw: this.series(one.previousMw), pricePerMw: this.series(one.pricePerMw) };

  /** The last bound that is known in each step. */
  private bound = (one: SocBound | undefined): SocBound | undefined =>
    one && {
      mwh: this.reduce(one.mwh, (part) => part.findLast((value) => !Number.isNaN(value)) ?? NaN),
      breach: this.breach(one.breach),
    };

  private last = (value: Series): Series =>
    typeof value === 'number' ? value : this.reduce(value, (part) => part.at(-1)!);

  private reduce(values: Float64Array, combine: (part: Float64Array) => number): Float64Array {
    return Float64Array.from({ length: this.steps }, (_, c) => combine(this.part(values, c)));
  }

  private flags(values: Uint8Array, combine: (part: Uint8Array) => boolean): Uint8Array {
    return Uint8Array.from({ length: this.steps }, (_, c) => (combine(this.part(values, c)) ? 1 : 0));
  }

  private part<Values extends Float64Array | Uint8Array>(values: Values, c: number): Values {
    return values.subarray(c * this.factor, Math.min((c + 1) * this.factor, this.fineSteps)) as Values;
  }
}
