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
  /** Counts the breaches together with those of other limits, while limits are found that cannot be kept. */
  rank?: BreachRank;
  /** 1 for steps whose breaches count in the rank; all of them if undefined. */
  rankSteps?: Uint8Array;
}

/** Limits whose breaches count together: their total, and the highest one. The unit is MW, or MWh of stock. */
export interface BreachRank {
  /** What a breach of one unit in one step adds to the total. */
  perStep: number;
  /** Currency per unit of the total. */
  totalPrice: number;
  /** Currency per unit of the highest breach. */
  highestPrice: number;
  /** Highest total that is allowed; unlimited if undefined. */
  totalMax?: number;
}

/** A limit of power, >= 0 MW. */
export interface Capacity {
  mw: Series;
  /** Price for exceeding `mw`. */
  breach?: BreachPrice;
  /** MW that must not be exceeded, not even at a price; unlimited if undefined. */
  hardLimitMw?: Series;
}

/** Limits of the power in each direction. For devices, they are further limits beside that of the device itself. */
export interface Capacities {
  consumptionCapacity?: Capacity;
  productionCapacity?: Capacity;
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

/** A range of power in MW in which a device can run, consumption positive. It is off only if a mode contains 0. */
export interface OperationMode {
  lowestMw: number;
  highestMw: number;
}

/** What all devices have. */
interface Device {
  /** Unique within the site. */
  id: string;
  /** The commodity that the device consumes and produces: the name of one of `commodities`; electricity if undefined. */
  commodity?: string;
}

/** The stock of one or several devices. */
export interface Stock extends Pick<StockDevice, 'storageEfficiency' | 'stockInflowMw'> {
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
}

/** A stock that several devices change, such as a heat buffer with two heaters. */
export interface SharedStock extends Stock {
  /** Differs from the ids of devices. */
  id: string;
}

/** A battery, a vehicle, a heat buffer. Powers at the meter, consumption positive. */
export interface StorageDevice extends Device, Capacities, Stock, Omit<StockDevice, 'stepHours'> {
  kind: 'storage';
  /** Highest charging power in MW, >= 0. */
  chargePowerMaxMw: Series;
  /** Highest discharging power in MW, >= 0. */
  dischargePowerMaxMw: Series;
  /** Ranges of power in which it can run; any power if undefined. */
  modes?: readonly OperationMode[];
  /** Among equally cheap schedules, prefer earlier charging and later discharging (see priceSlope). */
  preferChargingSooner: boolean;
}

/** As soon as possible, at any time, or at any time and with breaks. */
export type ProcessType = 'INFLEXIBLE' | 'SHIFTABLE' | 'BREAKABLE';

/** A device that runs for some time at constant power, such as a washing machine. */
export interface ProcessDevice extends Device {
  kind: 'process';
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
export interface CurtailableDevice extends Device {
  kind: 'curtailable';
  /** MW produced without curtailment, >= 0. */
  forecastMw: Float64Array;
  /** Among equally cheap schedules, curtail earlier instead of later. */
  prefersCurtailingSooner?: boolean;
}

/** A device whose power cannot be changed. */
export interface InflexibleDevice extends Device {
  kind: 'inflexible';
  /** MW, consumption positive. */
  powerMw: Float64Array;
}

/**
 * A device whose power can be chosen in each step: one port of a converter, a device that changes a stock that it shares, or
 * a load or generator that runs at any power.
 */
export interface FlexibleDevice extends Device, Capacities {
  kind: 'flexible';
  /** Highest consumption in MW, >= 0. */
  consumptionMaxMw: Series;
  /** Highest production in MW, >= 0. */
  productionMaxMw: Series;
  /** Ranges of power in which it can run; any power if undefined. */
  modes?: readonly OperationMode[];
  /** The shared stock that its consumption fills and its production empties; none if undefined. */
  stock?: StockLink;
  /** Among equally cheap schedules, prefer to consume earlier (see priceSlope). */
  preferRunningSooner: boolean;
}

/** How the power of a device changes a shared stock. */
export interface StockLink extends Pick<
  StockDevice,
  'roundtripEfficiency' | 'chargingEfficiency' | 'dischargingEfficiency'
> {
  /** Id of the shared stock. */
  id: string;
}

export type SiteDevice =
  StorageDevice | ProcessDevice | CurtailableDevice | InflexibleDevice | FlexibleDevice;

/** Prices and limits of the power that a site consumes and produces of one commodity. */
export interface Connection extends Capacities {
  /** Currency per MWh of net consumption of the site. */
  consumptionPrices: Float64Array;
  /** Currency per MWh of net production of the site. */
  productionPrices: Float64Array;
  consumptionPeak?: Peak;
  productionPeak?: Peak;
}

/** A commodity besides electricity, such as gas or heat. */
export interface Commodity extends Connection {
  name: string;
  /** Whether the site has no connection for it: its devices must balance in each step. The capacities are 0 then. */
  isInternal: boolean;
}

/** Devices behind a shared inverter or feeder. Their total power is limited. */
export interface DeviceGroup extends Capacities {
  /** Differs from the ids of devices. */
  id: string;
  /** Ids of its devices, those in groups inside it included. */
  members: readonly string[];
}

/** A baseline of power, and what deviations from it cost. */
export interface Commitment {
  /** Not unique. */
  name: string;
  /** Ids of the devices whose total power counts; all devices of the commodity if undefined. */
  members?: readonly string[];
  /** The commodity of all of its devices; electricity if undefined. */
  commodity?: string;
  /** MW, consumption positive; NaN for steps in which there is no commitment. */
  baselineMw: Float64Array;
  /** Currency per MWh above the baseline. */
  upPrices: Float64Array;
  /** Currency per MWh below the baseline that is received; negative if it costs. */
  downPrices: Float64Array;
}

/** Devices that are the ports of one converter: their powers have a fixed ratio. */
export interface Coupling {
  name: string;
  /** Ids of flexible devices. Coefficients are positive for consumption and negative for production. */
  ports: readonly { device: string; coefficient: number }[];
}

/** Devices behind one grid connection. Consumption is positive, production negative; series have one entry per step. */
export interface SiteProblem extends Connection {
  /** Number of steps, at least 1. */
  steps: number;
  /** Length of a step in hours. */
  stepHours: number;
  /** Their ids are unique. */
  devices: readonly SiteDevice[];
  /** Commodities besides electricity. */
  commodities?: readonly Commodity[];
  groups?: readonly DeviceGroup[];
  commitments?: readonly Commitment[];
  couplings?: readonly Coupling[];
  stocks?: readonly SharedStock[];
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
  /** Id of the device, group or stock that the limit belongs to; undefined for the site. */
  device?: string;
  /** Currency. */
  cost: number;
}

export type SiteMethod = 'lp' | 'exact' | 'milp' | 'decomposition' | 'sequential' | 'fallback' | 'custom';

export interface SiteSchedule {
  /** In the order of the problem's devices. */
  devices: DeviceSchedule[];
  /** MW of electricity of the whole site per step, consumption positive, unrounded. */
  netPowerMw: Float64Array;
  /** In the order of the problem's groups: MW per step, consumption positive, unrounded. */
  groups?: { id: string; powerMw: Float64Array }[];
  /** In the order of the problem's shared stocks: MWh after k steps; length steps + 1. */
  stocks?: { id: string; socMwh: Float64Array }[];
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
