import type { Conflict } from '../../conflicts/conflict';
import type { Series, StockDevice } from '../../problem/stock';
import type { SocTarget } from '../../problem/storage-problem';

/** What it costs to break a limit; a limit that has no such price is never broken. */
export interface BreachPrice {
  /** Currency per MW (per MWh of stock), for the highest breach in the window, once. */
  highest?: number;
  /** Currency per MW (per MWh of stock) and hour, for each breach as long as it lasts. */
  perHour?: Series;
}

/** A limit of power, >= 0 MW. */
export interface Capacity {
  mw: Series;
  breach?: BreachPrice;
  /** MW that no breach exceeds; unlimited when undefined. */
  hardLimitMw?: Series;
}

/** A limit of the stock at the end of each step in MWh; NaN where there is none. */
export interface SocBound {
  mwh: Float64Array;
  breach?: BreachPrice;
}

/** What is paid for the highest power within the window, as far as it exceeds what was reached before. */
export interface Peak {
  previousMw: number;
  /** Currency per MW. */
  pricePerMw: number;
}

/** A battery, a vehicle, a heat buffer. Powers at the meter, consumption positive. */
export interface StorageDevice extends Omit<StockDevice, 'stepHours'> {
  kind: 'storage';
  name: string;
  /** Highest charging power in MW, >= 0. */
  chargePowerMaxMw: Series;
  /** Highest discharging power in MW, >= 0. */
  dischargePowerMaxMw: Series;
  /** Further limits, which may be broken at a price. */
  consumptionCapacity?: Capacity;
  productionCapacity?: Capacity;
  socAtStartMwh: number;
  /** MWh at the end of each step. */
  socMinMwh: Series;
  socMaxMwh: Series;
  /** Further bounds, which may be broken at a price. */
  socMinima?: SocBound;
  socMaxima?: SocBound;
  /** A target takes the place of soc-min and soc-max at its instant. */
  socTargets?: readonly SocTarget[];
  /** Break ties towards charging sooner and discharging later, by a tiny price slope (see priceSlope). */
  preferChargingSooner: boolean;
}

export type ProcessType = 'INFLEXIBLE' | 'SHIFTABLE' | 'BREAKABLE';

/** Something that runs for a while at one power: as soon as possible, at another time, or with breaks. */
export interface ProcessDevice {
  kind: 'process';
  name: string;
  type: ProcessType;
  /** MW while it runs, consumption positive. */
  powerMw: number;
  /** Number of steps it runs, at least 1. */
  durationSteps: number;
  /** 1 for steps in which it may not run; it may in all of them when undefined. */
  forbidden?: Uint8Array;
  /** Break ties towards running sooner, by a tiny price slope (see priceSlope). */
  preferRunningSooner: boolean;
}

/** Production that can be turned down, step by step, from a forecast to nothing. */
export interface CurtailableDevice {
  kind: 'curtailable';
  name: string;
  /** MW produced when nothing is curtailed, >= 0. */
  forecastMw: Float64Array;
}

/** Power that is given, consumption positive. */
export interface InflexibleDevice {
  kind: 'inflexible';
  name: string;
  powerMw: Float64Array;
}

export type SiteDevice = StorageDevice | ProcessDevice | CurtailableDevice | InflexibleDevice;

/** Devices behind one grid connection. Consumption is positive, production negative; series have one entry per step. */
export interface SiteProblem {
  /** Number of steps, at least 1. */
  steps: number;
  /** Length of a step in hours. */
  stepHours: number;
  /** Currency per MWh of net consumption of the site. */
  consumptionPrices: Float64Array;
  /** Currency per MWh of net production of the site. */
  productionPrices: Float64Array;
  consumptionCapacity?: Capacity;
  productionCapacity?: Capacity;
  consumptionPeak?: Peak;
  productionPeak?: Peak;
  /** Names are unique. */
  devices: readonly SiteDevice[];
}

export interface SiteOptions {
  /** Time for optimising (default 60 s); past it, the best schedule known is returned with its gap. */
  timeLimitMs?: number;
  /** Share of max(|cost|, turnover) that counts as optimal once the exact answer takes long (default 0.001). */
  acceptedGap?: number;
  /** What counts as long: time for binary variables to decide exactly (default 2 s). */
  exactTimeMs?: number;
}

export interface DeviceSchedule {
  name: string;
  /** MW at the meter per step, consumption positive, rounded to 6 decimals; the schedule to publish. */
  powerMw: Float64Array;
  /** The same before rounding. */
  unroundedPowerMw: Float64Array;
  /** MWh after k steps of the unrounded schedule, for a storage; length steps + 1. */
  socMwh?: Float64Array;
}

/** What one term of the contract, or one limit that was broken, costs in the window; negative when earned. */
export interface CommitmentCost {
  commitment: string;
  /** The device whose limit it is; undefined for the site's. */
  device?: string;
  /** Currency. */
  cost: number;
}

export type SiteMethod = 'lp' | 'exact' | 'milp' | 'decomposition' | 'sequential' | 'fallback' | 'custom';

export interface SiteSchedule {
  /** In the order of the problem's devices. */
  devices: DeviceSchedule[];
  /** MW of the whole site per step, consumption positive, unrounded. */
  netPowerMw: Float64Array;
  commitments: CommitmentCost[];
  /** Currency; sum over the commitments. */
  cost: number;
  /** Currency; the energy cost's amounts added up without their signs: a scale for judging the gap. */
  turnover: number;
  method: SiteMethod;
  /** Currency by which another schedule could at most be cheaper; NaN for a fallback and for sequential schedules. */
  gap: number;
  /** True when no schedule keeps all constraints; this one keeps as much of them as it can. */
  fallback: boolean;
  /** Why the fallback was needed: a sentence for the user. */
  fallbackReason?: string;
  /** Which constraints exclude each other, where the fallback was needed; the reason tells them. */
  conflicts?: Conflict[];
  warnings: string[];
}
