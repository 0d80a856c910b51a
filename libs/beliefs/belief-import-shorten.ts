import { DAY_MS, HOUR_MS, type ZoneClock } from '#lib/time';
import type { EventBatch } from './belief-import-batch';
import type { ValueConversion } from './belief-import-values';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from './files';
import type { ValueNature } from './model';

/** At most so many shorter events at once. */
const EVENTS_AT_ONCE = 8192;

export interface Shortening {
  /** How far apart the long events are. */
  stepMs: number;
  /** Length of the short events, of which a step is a multiple. */
  resolutionMs: number;
  nature: ValueNature;
  conversion: ValueConversion;
  /** Clock on which days are counted. */
  clock: ZoneClock;
  /** Most short events of a file. */
  maxEvents: number;
}

/**
 * Long events as the short ones that they consist of: flows are repeated, stocks split evenly.
 *
 * @throws BeliefFileError when these are too many
 */
export async function* shortenedEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  shortening: Shortening,
  file: BeliefFile,
): AsyncGenerator<EventBatch> {
  const { resolutionMs, maxEvents } = shortening;
  let total = 0;
  for await (const { batch, before, after } of withNeighbours(batches)) {
    const { eventStarts } = batch;
    const lengths = eventStarts.map((start, row) =>
      eventLength(start, eventStarts[row - 1] ?? before, eventStarts[row + 1] ?? after, shortening),
    );
    const converted = { ...batch, values: shortening.conversion.convertEach(batch, lengths, file) };
    const count = lengths.reduce((sum, length) => sum + length / resolutionMs, 0);
    total += count;
    if (total > maxEvents) throw tooManyEvents(file, maxEvents);
    yield* split(converted, lengths, count, shortening);
  }
}

const tooManyEvents = ({ place }: BeliefFile, maxEvents: number): BeliefFileError =>
  new BeliefFileError(
    place,
    `its events last so long that they make more than ${maxEvents.toLocaleString('en')} of the sensor`,
  );

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

/** @param count of short events */
function* split(
  { eventStarts, values, beliefTimes }: BeliefFileBatch,
  lengths: Float64Array,
  count: number,
  { resolutionMs, nature }: Shortening,
): Generator<EventBatch> {
  let events = emptyEvents(Math.min(count, EVENTS_AT_ONCE));
  let left = count;
  let at = 0;
  for (const [row, length] of lengths.entries()) {
    const parts = length / resolutionMs;
    const share = nature === 'flow' ? values[row]! : values[row]! / parts;
    for (let part = 0; part < parts; part++) {
      events.eventStarts[at] = eventStarts[row]! + part * resolutionMs;
      events.values[at] = share;
      events.beliefTimes[at] = beliefTimes[row]!;
      if (++at < events.values.length) continue;
      yield events;
      left -= at;
      at = 0;
      events = emptyEvents(Math.min(left, EVENTS_AT_ONCE));
    }
  }
}

const emptyEvents = (size: number): EventBatch => ({
  eventStarts: new Float64Array(size),
  values: new Float64Array(size),
  beliefTimes: new Float64Array(size),
});
