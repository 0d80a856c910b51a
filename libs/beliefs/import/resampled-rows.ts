import { eventEnds, formatInstant } from '#lib/time';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from '../files';
import {
  LongerEventStream,
  pickValues,
  splitEvents,
  type Lengthening,
  type RowProblem,
  type TimedValues,
  type ValueNature,
} from '../model';
import type { ValueConversion } from './value-conversion';

/** Largest number of shorter events in a batch, unless a single long event has more. */
const MAX_EVENTS = 32_768;

/** How long events become shorter ones. */
export interface Shortening {
  /** How far apart the long events are, ms. */
  fromMs: number;
  /** Length of the short events, ms: `fromMs` is a multiple of it. */
  toMs: number;
  nature: ValueNature;
  /** IANA zone on whose clock the file counts days. */
  zone: string;
}

/** Rows about long events as the shorter events that they consist of. */
export async function* shorterEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  { fromMs, toMs, nature, zone }: Shortening,
  conversion: ValueConversion,
  file: BeliefFile,
): AsyncGenerator<TimedValues> {
  const rowsAtOnce = Math.max(1, Math.floor((MAX_EVENTS * toMs) / fromMs));
  for await (const { batch, before, after } of withNeighbours(batches)) {
    const { eventStarts, beliefTimes } = batch;
    const ends = eventEnds(eventStarts, fromMs, zone, before, after);
    const lengths = ends.map((end, row) => end - eventStarts[row]!);
    const values = conversion.convertEach(batch, lengths, file);
    for (let from = 0; from < values.length; from += rowsAtOnce) {
      const part = (column: Float64Array): Float64Array => column.subarray(from, from + rowsAtOnce);
      const split = splitEvents(part(eventStarts), part(ends), part(values), toMs, nature);
      yield { ...split, beliefTimes: pickValues(part(beliefTimes), split.rows) };
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
    if (next.eventStarts.length === 0) continue;
    if (batch) {
      yield { batch, before, after: next.eventStarts[0]! };
      before = batch.eventStarts[batch.eventStarts.length - 1]!;
    }
    batch = next;
  }
  if (batch) yield { batch, before, after: NaN };
}

/**
 * Rows about short events as the longer events that they make up. Rows about one longer event must not be far apart in
 * the file.
 *
 * @throws BeliefFileError for a row that comes too late for its longer event, or belongs to two of them, and for an
 *   event whose sum is too large for a number
 */
export async function* longerEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  lengthening: Lengthening,
  conversion: ValueConversion,
  file: BeliefFile,
): AsyncGenerator<TimedValues> {
  const stream = new LongerEventStream(lengthening);
  for await (const batch of batches) {
    const { eventStarts, beliefTimes, lines } = batch;
    const values = conversion.convertRows(batch, lengthening.fromMs, file);
    for (let row = 0; row < eventStarts.length; row++) {
      const problem = stream.add(eventStarts[row]!, beliefTimes[row]!, values[row]!);
      if (!problem) continue;
      const reason = problemText(problem, eventStarts[row]!, lengthening);
      throw new BeliefFileError(file.eventStartPlace(lines[row]!), reason);
    }
    const complete = stream.takeComplete();
    if (complete) yield checkFinite(complete, lengthening, file);
  }
  yield checkFinite(stream.takeRest(), lengthening, file);
}

function problemText(problem: RowProblem, eventStart: number, { fromMs, zone }: Lengthening): string {
  const event = `the event at ${formatInstant(eventStart, zone)}`;
  return problem.kind === 'too late'
    ? `${event} is too far from others of the same hour or day: sort the file by event start`
    : `${event} lasts until ${formatInstant(eventStart + fromMs, zone)}, but the sensor's events change at ` +
        formatInstant(problem.longerEndMs, zone);
}

function checkFinite(events: TimedValues, { zone }: Lengthening, file: BeliefFile): TimedValues {
  const row = events.values.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return events;
  const event = formatInstant(events.eventStarts[row]!, zone);
  const reason = `the values of the event at ${event} add up to more than a number can hold`;
  throw new BeliefFileError(file.place, reason);
}
