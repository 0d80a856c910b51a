import type { Conflict } from '../../conflicts/conflict';
import type { Series, StockDevice } from '../../problem/stock';
import type { SocTarget } from '../../problem/storage-problem';

/** What it costs to exceed a limit. A limit without such a price must not be exceeded. */
export interface BreachPrice {
  /**
   * Currency per MW (per MWh of stock), paid once for the highest breach in the window. If it changes over time, for the
   * breach whose amount times price is the highest.
   */
  highest?: Series;
  /** Currency per MW (per MWh of stock) and hour, paid for the whole duration of each breach. */
  perHour?: Series;
}

/** A limit of power, >= 0 MW. */
export interface Capacity {
  mw: Series;
  /** Price for exceeding `mw`. */
  breach?: BreachPrice;
  /** MW that must not be exceeded, not even at a price; unlimited if undefined. */
  hardLimitMw?: Series;
}

/** A limit of the stock at the end of each step in MWh; NaN for no limit. */
export interface SocBound {
  mwh: Float64Array;
  breach?: BreachPrice;
}

/**
 * A price for the highest power in the window, as far as it exceeds the previous peak. If these change over time, for the
 * power whose excess times price is the highest.
 */
export interface Peak {
  /** Highest power before the window. */
  previousMw: Series;
  /** Currency per MW. */
  pricePerMw: Series;
}

/** A battery, a vehicle, a heat buffer. Powers at the meter, consumption positive. */
export interface StorageDevice extends Omit<StockDevice, 'stepHours'> {
  kind: 'storage';
  id: string;
  /** Highest charging power in MW, >= 0. */
  chargePowerMaxMw: Series;
  /** Highest discharging power in MW, >= 0. */
  dischargePowerMaxMw: Series;
  /** Further limit of the charging power. */
  consumptionCapacity?: Capacity;
  /** Further limit of the discharging power. */
  productionCapacity?: Capacity;
  socAtStartMwh: number;
  /** MWh at the end of each step. */
  socMinMwh: Series;
  socMaxMwh: Series;
  /** Further lower bounds of the stock. */
  socMinima?: SocBound;
  /** Further upper bounds of the stock. */
  socMaxima?: SocBound;
  /** A target replaces soc-min and soc-max at its instant. */
  socTargets?: readonly SocTarget[];
  /** Among equally cheap schedules, prefer earlier charging and later discharging (see priceSlope). */
  preferChargingSooner: boolean;
}

/** As soon as possible, at any time, or at any time and with breaks. */
export type ProcessType = 'INFLEXIBLE' | 'SHIFTABLE' | 'BREAKABLE';

/** A device that runs for some time at constant power, such as a washing machine. */
export interface ProcessDevice {
  kind: 'process';
  id: string;
  type: ProcessType;
  /** MW while it runs, consumption positive. */
  powerMw: number;
  /** Number of steps it runs, above 0. What is left of a whole number is one step at that share of the power. */
  durationSteps: number;
  /** 1 for steps in which it must not run; all steps are allowed if undefined. */
  forbidden?: Uint8Array;
  /** Among equally cheap schedules, prefer earlier runs (see priceSlope). */
  preferRunningSooner: boolean;
}

/** Production that can be reduced in each step, from a forecast down to 0. */
export interface CurtailableDevice {
  kind: 'curtailable';
  id: string;
  /** MW produced without curtailment, >= 0. */
  forecastMw: Float64Array;
  /** Among equally cheap schedules, curtail earlier instead of later. */
  prefersCurtailingSooner?: boolean;
}

/** A device whose power cannot be changed. */
export interface InflexibleDevice {
  kind: 'inflexible';
  id: string;
  /** MW, consumption positive. */
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
  /** Their ids are unique. */
  devices: readonly SiteDevice[];
}

export interface SiteOptions {
  /** Time limit (default 60 s); after it, the best schedule found is returned with its gap. */
  timeLimitMs?: number;
  /** Share of max(|cost|, turnover) that counts as optimal after `exactTimeMs` (default 0.001). */
  acceptedGap?: number;
  /** Time for an exact solution by binary variables (default 2 s). */
  exactTimeMs?: number;
  /** Time for the decomposition of sites with too many overlaps for binary variables (default 4 s). */
  decompositionTimeMs?: number;
}

export interface DeviceSchedule {
  id: string;
  /** MW at the meter per step, consumption positive, rounded to 6 decimals; the schedule to publish. */
  powerMw: Float64Array;
  /** The same before rounding. */
  unroundedPowerMw: Float64Array;
  /** Only for storages: MWh after k steps of the unrounded schedule; length steps + 1. */
  socMwh?: Float64Array;
}

/** What one term of the contract, or one exceeded limit, costs in the window; negative if earned. */
export interface CommitmentCost {
  commitment: string;
  /** Id of the device that the limit belongs to; undefined for the site. */
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
  /** Currency; sum of the commitments. */
  cost: number;
  /** Currency; sum of the absolute energy costs of all steps: a scale for judging the gap. */
  turnover: number;
  method: SiteMethod;
  /** Currency by which another schedule could be cheaper; NaN for fallbacks and sequential schedules. */
  gap: number;
  /** Whether no schedule meets all constraints; this one then meets as many as it can. */
  fallback: boolean;
  /** Why a fallback was needed: a sentence for users. */
  fallbackReason?: string;
  /** Which constraints cannot be met and why; undefined unless the schedule is a fallback. */
  conflicts?: Conflict[];
  warnings: string[];
}
