import { DAY_MS, HOUR_MS, type ZoneClock } from '#lib/time';
import type { BeliefFile, BeliefFileBatch } from '../files';
import type { ValueNature } from '../model';
import type { EventBatch } from './belief-import-batch';
import type { ValueConversion } from './belief-import-values';

/** At most so many shorter events at once, unless a single long one has more. */
const MAX_EVENTS = 32_768;

export interface Shortening {
  /** How far apart the long events are. */
  stepMs: number;
  /** Length of the short events, of which a step is a multiple. */
  resolutionMs: number;
  nature: ValueNature;
  conversion: ValueConversion;
  /** Clock on which days are counted. */
  clock: ZoneClock;
}

/** Long events as the short ones that they consist of: flows are repeated, stocks split evenly. */
export async function* shortenedEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  shortening: Shortening,
  file: BeliefFile,
): AsyncGenerator<EventBatch> {
  const rowsAtOnce = Math.max(1, Math.floor((MAX_EVENTS * shortening.resolutionMs) / shortening.stepMs));
  for await (const { batch, before, after } of withNeighbours(batches)) {
    const { eventStarts } = batch;
    const lengths = eventStarts.map((start, row) =>
      eventLength(start, eventStarts[row - 1] ?? before, eventStarts[row + 1] ?? after, shortening),
    );
    const converted = { ...batch, values: shortening.conversion.convertEach(batch, lengths, file) };
    for (let row = 0; row < lengths.length; row += rowsAtOnce) {
      yield split(converted, lengths, row, Math.min(row + rowsAtOnce, lengths.length), shortening);
    }
  }
}

/** Each batch with the event starts of the rows around it, NaN where there are none. */
async function* withNeighbours(
  batches: AsyncIterable<BeliefFileBatch>,
): AsyncGenerator<{ batch: BeliefFileBatch; before: number; after: number }> {
  let batch: BeliefFileBatch | undefined;
  let before = NaN;
  for await (const next of batches) {
    if (batch) {
      yield { batch, before, after: next.eventStarts[0]! };
      before = batch.eventStarts[batch.eventStarts.length - 1]!;
    }
    batch = next;
  }
  if (batch) yield { batch, before, after: NaN };
}

/**
 * How long an event lasts, ms: the step, or where the clocks change in between, until the next event if that is a step
 * away on the wall clock; so a day has 23 or 25 hours if the file's days begin by the clock. Where no next event tells,
 * what begins at midnight ends there.
 */
function eventLength(
  start: number,
  before: number,
  after: number,
  { stepMs, resolutionMs, clock }: Shortening,
): number {
  // Hours and parts of them do not depend on the clock.
  if (stepMs <= HOUR_MS) return stepMs;
  const localStart = clock.instantToLocal(start);
  const end = clock.resolveLocal(localStart + stepMs);
  if (end - start === stepMs || (end - start) % resolutionMs !== 0) return stepMs;
  // From new to old, the next event is in the row before.
  if (after === end || before === end) return end - start;
  const isElapsed = after === start + stepMs || before === start + stepMs;
  return !isElapsed && localStart % DAY_MS === 0 && stepMs % DAY_MS === 0 ? end - start : stepMs;
}

function split(
  { eventStarts, values, beliefTimes }: BeliefFileBatch,
  lengths: Float64Array,
  from: number,
  to: number,
  { resolutionMs, nature }: Shortening,
): EventBatch {
  const count = lengths.subarray(from, to).reduce((sum, length) => sum + length / resolutionMs, 0);
  const events = {
    eventStarts: new Float64Array(count),
    values: new Float64Array(count),
    beliefTimes: new Float64Array(count),
  };
  let at = 0;
  for (let row = from; row < to; row++) {
    const parts = lengths[row]! / resolutionMs;
    const value = values[row]!;
    const share = nature === 'flow' ? value : value / parts;
    for (let part = 0; part < parts; part++, at++) {
      events.eventStarts[at] = eventStarts[row]! + part * resolutionMs;
      events.values[at] = share;
      events.beliefTimes[at] = beliefTimes[row]!;
    }
  }
  return events;
}
