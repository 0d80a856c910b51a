import { DomainError } from '#lib/errors';

/**
 * A place in the order of events, as a text: `<transaction id>-<event id>`. A reader that is at a position has seen all
 * events up to it, the one at the position itself included.
 */
export type Position = string;

/** Before the first event. */
export const START: Position = '0-0';

/** The parts of a position, as the database takes them; both may exceed what a number holds exactly. */
export interface PositionParts {
  xid: string;
  id: string;
}

export const toPosition = ({ xid, id }: PositionParts): Position => `${xid}-${id}`;

/** @throws DomainError POSITION_INVALID */
export function parsePosition(position: Position): PositionParts {
  const [, xid, id] = /^(\d{1,19})-(\d{1,18})$/.exec(position) ?? [];
  if (xid !== undefined && id !== undefined) return { xid, id };
  throw new DomainError('POSITION_INVALID', `'${position}' is not a position of events.`, 'position');
}
