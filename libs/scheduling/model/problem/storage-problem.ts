import type { Conflict } from '../conflicts/conflict';
import type { Series, StockDevice } from './stock';

/** A state of charge that must hold exactly at the end of step `step - 1`, that is after `step` steps. */
export interface SocTarget {
  /** 1..steps; 0 is the start itself. */
  step: number;
  socMwh: number;
}

/**
 * One storage device behind one grid connection, as arrays. Consumption is positive, production negative.
 * Series have one entry per step; prices and powers are constant within a step.
 */
export interface StorageProblem extends StockDevice {
  /** Number of steps, at least 1. */
  steps: number;
  /** Currency per MWh of net consumption of the site; no NaN (see fillPrices). */
  consumptionPrices: Float64Array;
  /** Currency per MWh of net production of the site; no NaN (see fillPrices). */
  productionPrices: Float64Array;
  /** MW, consumption positive: the sum of everything at the site that cannot be scheduled. None when undefined. */
  inflexiblePowerMw?: Float64Array;
  /** Highest charging power in MW at the meter, >= 0; one number, or one per step. */
  chargePowerMaxMw: Series;
  /** Highest discharging power in MW at the meter, >= 0; one number, or one per step. */
  dischargePowerMaxMw: Series;
  socAtStartMwh: number;
  /** MWh; one number, or one per step. Holds at the end of each step, so not at the start. */
  socMinMwh: Series;
  /** MWh; one number, or one per step. Holds at the end of each step, so not at the start. */
  socMaxMwh: Series;
  /** A target takes the place of soc-min and soc-max at its instant. */
  socTargets?: readonly SocTarget[];
  /** Highest net consumption of the site in MW, >= 0; unlimited when undefined; one number, or one per step. */
  siteConsumptionCapacityMw?: Series;
  /** Highest net production of the site in MW, >= 0; unlimited when undefined; one number, or one per step. */
  siteProductionCapacityMw?: Series;
  /** Break ties towards charging sooner and discharging later, by a tiny price slope (see priceSlope). */
  preferChargingSooner: boolean;
}

export interface ScheduleOptions {
  /** Time for optimising (default 60 s); past it, the best schedule known is returned with its gap. */
  timeLimitMs?: number;
  /** Most breakpoints of a value function before it is approximated (default 20,000); see dynamic-program.ts. */
  maxBreakpoints?: number;
  /**
   * Most pieces of a convex value function (default 100,000). A store that takes months to fill may have more, and is
   * left to the solver.
   */
  maxPieces?: number;
}

export type ScheduleMethod = 'convex' | 'lp' | 'dynamic-programming' | 'fallback';

export interface ScheduleResult {
  /** `powerMw[t]`: MW at the meter, consumption positive, rounded to 6 decimals; the schedule to publish. */
  powerMw: Float64Array;
  /** The same before rounding. */
  unroundedPowerMw: Float64Array;
  /** `socMwh[k]`: MWh after k steps of the unrounded schedule; length steps + 1. */
  socMwh: Float64Array;
  /** Cost of the whole site under the unrounded schedule, at the given prices (no slope), in their currency. */
  cost: number;
  method: ScheduleMethod;
  /**
   * How much cheaper than this schedule any other could at most be, in currency, by the prices that were optimised
   * (the slope included). 0 up to rounding errors; more only when a limit struck, and then a warning says so.
   * NaN for a fallback.
   */
  gap: number;
  /** True when no schedule keeps all constraints; `powerMw` then is a rule-based attempt. */
  fallback: boolean;
  /** Why the fallback was needed: a sentence for the user. */
  fallbackReason?: string;
  /** Which constraints exclude each other, where the fallback was needed; the reason tells them. */
  conflicts?: Conflict[];
  warnings: string[];
}
