/** A constraint, named as the field that users set it with. */
export type ConstraintName =
  | 'soc-at-start'
  | 'soc-target'
  | 'soc-min'
  | 'soc-max'
  | 'soc-minima'
  | 'soc-maxima'
  | 'power-capacity'
  | 'consumption-capacity'
  | 'production-capacity'
  | 'site-consumption-capacity'
  | 'site-production-capacity'
  | 'commodity-balance'
  | 'operation-modes'
  | 'duration'
  | 'time-restrictions';

/** A limit that takes part in a conflict. */
export interface ConflictingLimit {
  constraint: ConstraintName;
  /** Id of the device that the constraint belongs to; undefined for the site. */
  device?: string;
  /** MW of a capacity, MWh of a state of charge; undefined if it changes during the conflict. */
  value?: number;
}

/** A constraint that cannot be met, and the limits that prevent it. */
export interface Conflict {
  kind:
    /** The stock cannot reach a bound or target in time. MWh. */
    | 'energy'
    /** The lower bound of the stock lies above the upper bound at the same instant. MWh. */
    | 'bounds'
    /** The site exceeds its capacity whatever the devices do. MW. */
    | 'power'
    /** A process has too little time to run. Steps. */
    | 'time';
  /** The constraint that is not met. */
  constraint: ConstraintName;
  /** Id of the device, group or stock, or name of the commodity, that the constraint belongs to; undefined for the site. */
  device?: string;
  /** Number of steps from the start of the window to the start of the conflict. */
  fromStep: number;
  /** Number of steps from the start of the window to the instant at which the constraint is not met. */
  step: number;
  /** The last of the consecutive instants at which the constraint is not met, >= step. */
  untilStep: number;
  /** Value of the constraint. */
  wanted: number;
  /** The possible value that is closest to it. */
  nearest: number;
  /**
   * What it takes to meet the constraint between `fromStep` and `step`: MWh to charge (to discharge if `nearest` is
   * above `wanted`), MW that devices have to compensate, steps to run.
   */
  needed: number;
  /** How much of that is possible; negative if devices are forced to do the opposite. */
  available: number;
  /** MWh by which losses, usage and gain change the stock between `fromStep` and `step`. */
  driftMwh?: number;
  /** The bound that determined the stock at `fromStep`; `needed` counts from there. */
  since?: ConflictingLimit;
  /** The limits that prevent the constraint from being met. */
  limitedBy: ConflictingLimit[];
}

/** Adds a limit unless the list has it already; the value is removed if the two differ. */
export function addLimit(limits: ConflictingLimit[], limit: ConflictingLimit): void {
  const same = limits.find(
    ({ constraint, device }) => constraint === limit.constraint && device === limit.device,
  );
  if (!same) limits.push({ ...limit });
  else if (same.value !== limit.value) same.value = undefined;
}

/**
 * Adds a conflict, or extends an earlier one if the same constraint was not met one step before. A bound that holds in
 * all steps gives one conflict instead of one for each step. Targets are never merged.
 */
export function addConflict(conflicts: Conflict[], conflict: Conflict): void {
  const { kind, constraint, device, step } = conflict;
  const before =
    constraint === 'soc-target'
      ? undefined
      : conflicts.find(
          (one) =>
            one.kind === kind &&
            one.constraint === constraint &&
            one.device === device &&
            one.untilStep === step - 1,
        );
  if (before) before.untilStep = step;
  else conflicts.push(conflict);
}
