import type { Series, StockDevice } from './stock';
import type { StorageTies } from './tie-breaks';

/** A state of charge that must be met exactly. */
export interface SocTarget {
  /** The target holds after this many steps, 0..steps; 0 is the start itself. */
  step: number;
  socMwh: number;
}

/**
 * The part of a site problem that has an exact algorithm: one storage behind the grid connection, with the power of all
 * other devices given and limits that must be met. Consumption is positive, production negative. Series have one entry
 * per step; prices and powers are constant within a step.
 */
export interface StorageProblem extends StockDevice {
  /** Number of steps, at least 1. */
  steps: number;
  /** Currency per MWh of net consumption of the site; no NaN (see fillPrices). */
  consumptionPrices: Float64Array;
  /** Currency per MWh of net production of the site; no NaN (see fillPrices). */
  productionPrices: Float64Array;
  /** MW, consumption positive: the sum of all other devices of the site; 0 if undefined. */
  inflexiblePowerMw?: Float64Array;
  /** Highest charging power in MW at the meter, >= 0. */
  chargePowerMaxMw: Series;
  /** Highest discharging power in MW at the meter, >= 0. */
  dischargePowerMaxMw: Series;
  socAtStartMwh: number;
  /** MWh. Holds at the end of each step, so not at the start. */
  socMinMwh: Series;
  /** MWh. Holds at the end of each step, so not at the start. */
  socMaxMwh: Series;
  /** A target replaces soc-min and soc-max at its instant. */
  socTargets?: readonly SocTarget[];
  /** Highest net consumption of the site in MW, >= 0; unlimited if undefined. */
  siteConsumptionCapacityMw?: Series;
  /** Highest net production of the site in MW, >= 0; unlimited if undefined. */
  siteProductionCapacityMw?: Series;
  /** Tiny prices that decide between equally cheap schedules; none if undefined. */
  ties?: StorageTies;
  /** Among equally cheap schedules, prefer earlier charging and later discharging (see priceSlope). */
  preferChargingSooner: boolean;
}
