import { DomainError } from '#lib/errors';

/**
 * A position in the order of events, as text: `<transaction id>-<event id>`. A reader at a position has seen all events up
 * to and including the one at the position.
 */
export type Position = string;

/** The position before the first event. */
export const START: Position = '0-0';

/** The parts of a position, as strings, because they may exceed the range of exact JavaScript numbers. */
export interface PositionParts {
  xid: string;
  id: string;
}

export const toPosition = ({ xid, id }: PositionParts): Position => `${xid}-${id}`;

/** Whether a position comes after another one. @throws DomainError POSITION_INVALID */
export function isAfter(position: Position, other: Position): boolean {
  const [one, two] = [parsePosition(position), parsePosition(other)];
  const difference = BigInt(one.xid) - BigInt(two.xid);
  return difference === 0n ? BigInt(one.id) > BigInt(two.id) : difference > 0n;
}

/** @throws DomainError POSITION_INVALID */
export function parsePosition(position: Position): PositionParts {
  const [, xid, id] = /^(\d{1,19})-(\d{1,18})$/.exec(position) ?? [];
  if (xid !== undefined && id !== undefined) return { xid, id };
  throw new DomainError(
    'POSITION_INVALID',
    `'${position}' is not a position of events. A position has the form <number>-<number>.`,
    'position',
  );
}
