import {
  addLimit,
  type Conflict,
  type ConflictingLimit,
  type ConstraintName,
} from '../../conflicts/conflict';
import type { StepLimits } from '../../problem/step-limits';
import { stockWhenIdle, type StockDevice } from '../../problem/stock';
import type { ConstraintNames } from '../problem/constraint-names';

/** Whether a stock lies below (`up`: it should be higher) or above its bound. */
export type Direction = 'up' | 'down';

/** A bound of a stock that is not met. */
export interface MissedBound {
  constraint: ConstraintName;
  /** Id of the storage. */
  device: string;
  direction: Direction;
  /** The bound holds after this many steps. */
  step: number;
  /** MWh. */
  wanted: number;
  /** MWh; the possible stock that is closest to the bound. */
  nearest: number;
}

/** The last bound that determined a stock. */
export interface BindingBound {
  /** It held after this many steps. */
  step: number;
  /** MWh; the stock at that instant. */
  mwh: number;
  by: ConflictingLimit;
}

/** The bound of a stock after k steps that it misses if it is too low (`up`) or too high. */
export function boundAt(
  {
    limits,
    names,
  }: {
    limits: Pick<StepLimits, 'socMin' | 'socMax'>;
    names: Pick<ConstraintNames, 'lower' | 'upper'>;
  },
  k: number,
  direction: Direction,
): Pick<MissedBound, 'constraint' | 'wanted'> {
  return direction === 'up'
    ? { constraint: names.lower(k), wanted: limits.socMin[k]! }
    : { constraint: names.upper(k), wanted: limits.socMax[k]! };
}

/**
 * Describes a missed bound as a conflict with the last bound that determined the stock, and with the limits of power
 * since then.
 *
 * @param limitsAt the limits of power that apply in step t
 */
export function energyConflict(
  storage: StockDevice,
  { direction, ...missed }: MissedBound,
  since: BindingBound,
  limitsAt: (t: number) => readonly ConflictingLimit[],
): Conflict {
  let idle = since.mwh;
  const limitedBy: ConflictingLimit[] = [];
  for (let t = since.step; t < missed.step; t++) {
    idle = stockWhenIdle(storage, t, idle);
    for (const limit of limitsAt(t)) addLimit(limitedBy, limit);
  }
  const sign = direction === 'up' ? 1 : -1;
  return {
    kind: 'energy',
    ...missed,
    fromStep: since.step,
    untilStep: missed.step,
    needed: sign * (missed.wanted - idle),
    available: sign * (missed.nearest - idle),
    driftMwh: idle - since.mwh,
    since: since.by,
    limitedBy,
  };
}
