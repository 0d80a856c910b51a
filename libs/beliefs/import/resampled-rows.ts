import { runInSlices, TimeSlice, type Pausable } from '#lib/concurrency';
import { eventEnds, formatDuration, formatInstant } from '#lib/time';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from '../files';
import {
  countShorterEvents,
  LongerEventStream,
  MAX_WAITING_ROWS,
  pickValues,
  splitEventsInBatches,
  TooManyPartsError,
  type Lengthening,
  type RowProblem,
  type TimedValues,
  type Aggregation,
} from '../model';
import type { ValueConversion } from './value-conversion';

/** Largest number of shorter events in a batch. */
const EVENTS_AT_ONCE = 8192;

/** How long events become shorter ones. */
export interface Shortening {
  /** How far apart the long events are, ms. */
  fromMs: number;
  /** Length of the short events, ms: `fromMs` is a multiple of it. */
  toMs: number;
  aggregation: Aggregation;
  /** IANA zone on whose clock the file counts days. */
  zone: string;
  /** Largest number of short events that a file may become. */
  maxEvents: number;
}

/**
 * Rows about long events as the shorter events that they consist of.
 *
 * @throws BeliefFileError if there are more than `maxEvents` shorter events
 */
export async function* shorterEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  { fromMs, maxEvents, ...split }: Shortening,
  conversion: ValueConversion,
  file: BeliefFile,
): AsyncGenerator<TimedValues> {
  const slice = new TimeSlice();
  let count = 0;
  for await (const { batch, before, after } of withNeighbours(batches)) {
    const { eventStarts, beliefTimes } = batch;
    const ends = eventEnds(eventStarts, fromMs, split.zone, before, after);
    count += countShorterEvents(eventStarts, ends, split);
    if (count > maxEvents) throw tooManyEvents(file, maxEvents);
    const lengths = ends.map((end, row) => end - eventStarts[row]!);
    const values = conversion.convertEach(batch, lengths, file);
    for (const parts of splitEventsInBatches(eventStarts, ends, values, split, EVENTS_AT_ONCE)) {
      yield { ...parts, beliefTimes: pickValues(beliefTimes, parts.rows) };
      await slice.pauseIfOver();
    }
  }
}

function tooManyEvents({ place }: BeliefFile, maxEvents: number): BeliefFileError {
  const limit = maxEvents.toLocaleString('en');
  return new BeliefFileError(
    place,
    `the events of the file split into more than ${limit} events of the sensor`,
  );
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
 * @throws BeliefFileError for a row that comes too late for its longer event, or belongs to two of them; for an event
 *   whose sum is too large for a number; if too many rows wait for the end of their longer event, or if there are too
 *   many belief times about parts of longer events
 */
export async function* longerEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  lengthening: Lengthening,
  conversion: ValueConversion,
  file: BeliefFile,
  note: (sentence: string) => void,
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
    const complete = await joined(stream.takeComplete(), lengthening, file);
    if (complete) yield checkFinite(complete, lengthening, file);
  }
  yield checkFinite(await joined(stream.takeRest(), lengthening, file), lengthening, file);
  if (stream.partialEvents > 0) note(partialText(stream.partialEvents, lengthening));
}

function partialText(count: number, { toMs, partial }: Lengthening): string {
  const events = `${count} event${count === 1 ? '' : 's'} of ${formatDuration(toMs)}`;
  return partial === 'scale'
    ? `The file has only a part of ${events}, whose amounts were scaled up from it.`
    : `The file has only a part of ${events}, which stay unknown (to scale amounts up, ask for partial amounts to be scaled).`;
}

/** Runs a calculation of the stream in slices. @throws BeliefFileError instead of TooManyPartsError */
async function joined<T>(calculation: Pausable<T>, { zone }: Lengthening, file: BeliefFile): Promise<T> {
  try {
    return await runInSlices(calculation);
  } catch (error) {
    if (!(error instanceof TooManyPartsError)) throw error;
    const event = formatInstant(error.longerStart, zone);
    const reason = `the file has too many belief times about the parts of the event at ${event}: import fewer at once`;
    throw new BeliefFileError(file.place, reason);
  }
}

function problemText(problem: RowProblem, eventStart: number, { fromMs, zone }: Lengthening): string {
  const event = `the event at ${formatInstant(eventStart, zone)}`;
  switch (problem.kind) {
    case 'too late':
      return `${event} is too far from others of the same hour or day: sort the file by event start`;
    case 'too many':
      return `more than ${MAX_WAITING_ROWS.toLocaleString('en')} rows are about the same event of the sensor`;
    case 'crosses end':
      return (
        `${event} lasts until ${formatInstant(eventStart + fromMs, zone)}, but the sensor's events change at ` +
        formatInstant(problem.longerEndMs, zone)
      );
  }
}

function checkFinite(events: TimedValues, { zone }: Lengthening, file: BeliefFile): TimedValues {
  const row = events.values.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return events;
  const event = formatInstant(events.eventStarts[row]!, zone);
  const reason = `the values of the event at ${event} add up to more than a number can hold`;
  throw new BeliefFileError(file.place, reason);
}
