import type { ConstraintName } from './conflict';
import { type ConflictFormat, formatEnergy, formatPower } from './describe-conflict';

/** A limit that a schedule does not keep. */
interface BrokenLimit {
  constraint: ConstraintName;
  device?: string;
  /** Of the connection; undefined for electricity. */
  commodity?: string;
  unit: 'MWh' | 'MW';
  /** At least one; see LimitReport. */
  breaches: readonly { step: number; amount: number }[];
}

/** Tells in a sentence how often and how far a limit is not kept: "car: soc-minima is missed in 5 steps, by up to 3 kWh at 06:00." */
export function describeLimit(
  { constraint, device, commodity, unit, breaches }: BrokenLimit,
  { formatTime, nameOf = (id) => id }: ConflictFormat,
): string {
  const highest = breaches.reduce((best, one) => (one.amount > best.amount ? one : best));
  const format = unit === 'MWh' ? formatEnergy : formatPower;
  const limit = commodity === undefined ? constraint : `${commodity} ${constraint}`;
  const subject = device === undefined ? limit : `${nameOf(device)}: ${limit}`;
  const isMissed = constraint === 'soc-minima' || constraint === 'soc-target';
  const many = breaches.length > 1 ? ` in ${breaches.length} steps, by up to` : ' by';
  const verb = isMissed ? 'missed' : 'exceeded';
  return `${subject} is ${verb}${many} ${format(highest.amount)} ${formatTime(highest.step)}.`;
}
