/** A constraint by the name of the field that users set it with. */
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
  | 'duration'
  | 'time-restrictions';

/** A constraint that stands against another one. */
export interface ConflictingLimit {
  constraint: ConstraintName;
  /** The device whose constraint it is; undefined for the site's. */
  device?: string;
  /** MW of a capacity, MWh of a state of charge; undefined where it changes over the time in question. */
  value?: number;
}

/** Constraints that cannot all be kept: one of them, and what stands against it. */
export interface Conflict {
  kind:
    /** The stock cannot be brought to a bound or target in time. MWh. */
    | 'energy'
    /** A lower and an upper bound of the stock at one instant exclude each other. MWh. */
    | 'bounds'
    /** The site's capacity is exceeded whatever the devices do. MW. */
    | 'power'
    /** A process finds no time to run. Steps. */
    | 'time';
  /** The constraint that is missed. */
  constraint: ConstraintName;
  /** The device that it is a constraint of; undefined for the site's. */
  device?: string;
  /** Number of steps after the start at which the time in question begins. */
  fromStep: number;
  /** Number of steps after the start at which it ends: where the constraint is due. */
  step: number;
  /** How long the same constraint stays missed: the last instant in a row, >= step. */
  untilStep: number;
  /** What the constraint says. */
  wanted: number;
  /** What is possible nearest to it. */
  nearest: number;
  /**
   * What it takes to keep the constraint: MWh into the stock (out of it where `nearest` is above `wanted`) within the
   * time in question, MW that devices have to make up for, steps to run.
   */
  needed: number;
  /** How much of that is possible; negative where devices are forced to the contrary. */
  available: number;
  /** MWh by which the stock changes in that time past the meter: losses, usage and gain. */
  driftMwh?: number;
  /** What `needed` is counted from: the last bound that the stock is held by before. */
  since?: ConflictingLimit;
  /** What stands against the constraint. */
  limitedBy: ConflictingLimit[];
}

/** Adds a limit to a list, where it is not there yet; its value is dropped where it differs. */
export function addLimit(limits: ConflictingLimit[], limit: ConflictingLimit): void {
  const same = limits.find(
    ({ constraint, device }) => constraint === limit.constraint && device === limit.device,
  );
  if (!same) limits.push({ ...limit });
  else if (same.value !== limit.value) same.value = undefined;
}

/**
 * Adds a conflict, or lengthens an earlier one where it is the same constraint that stays missed.
 *
 * A bound that holds throughout is missed at each step from the first one on, which is one conflict and not many.
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
