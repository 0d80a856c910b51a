import { DomainError } from '#lib/errors';
import { isOnStep } from '#lib/time';
import { pickBeliefs, type BeliefColumns } from '../columns/belief-columns';
import type { EventResampling } from './event-resampling';
import { toLongerEvents } from './longer-events';
import { toShorterEvents } from './shorter-events';

/** More beliefs about shorter events than anybody can look at; they would not fit into memory either. */
const MAX_SHORTER = 1_000_000;

/**
 * Beliefs about events of another length, with who held them and when; of instants, those at steps of that length.
 *
 * @param beliefs by event
 * @throws DomainError INCOMPATIBLE_RESOLUTION unless one length is a multiple of the other, TOO_MUCH_DATA
 */
export function beliefsAbout(beliefs: BeliefColumns, resampling: EventResampling): BeliefColumns {
  const { fromMs, toMs, zone } = resampling;
  if (fromMs === toMs) return beliefs;
  if (!(toMs > 0) || (fromMs > 0 && toMs % fromMs !== 0 && fromMs % toMs !== 0)) {
    throw new DomainError(
      'INCOMPATIBLE_RESOLUTION',
      'One resolution must be a multiple of the other.',
      'resolution',
    );
  }
  if (fromMs === 0) return instantsOnSteps(beliefs, toMs, zone);
  if ((beliefs.values.length * fromMs) / toMs > MAX_SHORTER) {
    throw new DomainError('TOO_MUCH_DATA', 'Ask for longer steps, or for a shorter window.', 'resolution');
  }
  return toMs > fromMs ? toLongerEvents(beliefs, resampling) : toShorterEvents(beliefs, resampling);
}

function instantsOnSteps(beliefs: BeliefColumns, stepMs: number, zone: string): BeliefColumns {
  const rows = Array.from(beliefs.values.keys());
  return pickBeliefs(
    beliefs,
    rows.filter((row) => isOnStep(beliefs.eventStarts[row]!, stepMs, zone)),
  );
}
