import { ceilToStep, floorToStep, formatInstant } from '#lib/time';
import type { EventBatch } from './belief-import-batch';
import type { ValueConversion } from './belief-import-values';
import { RowWindow, type WindowRows } from './belief-import-window';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from './files';
import type { ValueNature } from './model';
import { TimeSlice } from './time-slice';

/** More rows about one event would not fit into memory beside others. */
const MAX_ROWS_OF_EVENT = 1_000_000;
/** Each belief time of a long event takes a sum over its parts; so many values are added up for each window of rows. */
const MAX_ADDITIONS = 50_000_000;

export interface Lengthening {
  /** How far apart the short events are. */
  stepMs: number;
  /** Length of the long events: a multiple of the step. */
  resolutionMs: number;
  nature: ValueNature;
  conversion: ValueConversion;
  /** Zone on whose clock the long events start. */
  zone: string;
}

/**
 * Short events as the long ones that they make up: the mean of flows, the sum of stocks, over what is known of each.
 * Where belief times differ, the long event is believed from when all of its parts are, and anew at each later time, by
 * what was then believed last of each part; so measurements give one measurement, not a guess with each of them.
 * Rows about one long event must not be far apart in the file.
 *
 * @throws BeliefFileError for a row that comes too late for its long event, or is about two of them, and for an event
 *   whose sum is too large for a number
 */
export async function* lengthenedEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  lengthening: Lengthening,
  file: BeliefFile,
): AsyncGenerator<EventBatch> {
  const { stepMs, conversion } = lengthening;
  const window = new RowWindow();
  const event = new LongEvent(lengthening);
  for await (const batch of batches) {
    const { eventStarts, beliefTimes, lines } = batch;
    const converted = conversion.convertRows(batch, stepMs, file);
    for (let row = 0; row < eventStarts.length; row++) {
      event.moveTo(eventStarts[row]!);
      if (window.isPassed(event.start) || eventStarts[row]! + stepMs > event.end) {
        const reason = refusal(eventStarts[row]!, event, lengthening, window);
        throw new BeliefFileError(file.eventStartPlace(lines[row]!), reason);
      }
      window.add(event.start, eventStarts[row]!, beliefTimes[row]!, converted[row]!);
    }
    if (window.size > MAX_ROWS_OF_EVENT) throw tooManyRows(file, event, lengthening);
    if (window.isFull) yield await joined(await window.takeFirstHalf(), lengthening, file);
  }
  yield await joined(await window.takeAll(), lengthening, file);
}

const tooManyRows = ({ place }: BeliefFile, { start }: LongEvent, { zone }: Lengthening): BeliefFileError =>
  new BeliefFileError(place, `there are too many rows about the event at ${formatInstant(start, zone)}`);

/** The sensor's event around an instant. */
class LongEvent {
  start = NaN;
  end = NaN;

  constructor(private readonly grid: Pick<Lengthening, 'resolutionMs' | 'zone'>) {}

  moveTo(instant: number): void {
    if (instant >= this.start && instant < this.end) return;
    const { resolutionMs, zone } = this.grid;
    this.start = floorToStep(instant, resolutionMs, zone);
    this.end = ceilToStep(this.start + 1, resolutionMs, zone);
  }
}

function refusal(start: number, event: LongEvent, { zone, stepMs }: Lengthening, window: RowWindow): string {
  const what = `the event at ${formatInstant(start, zone)}`;
  return window.isPassed(event.start)
    ? `${what} stands too far from others of the same hour or day: sort the file by its event starts`
    : `${what} lasts until ${formatInstant(start + stepMs, zone)}, but the sensor's events change at ` +
        formatInstant(event.end, zone);
}

async function joined(
  rows: WindowRows,
  { nature, zone }: Lengthening,
  file: BeliefFile,
): Promise<EventBatch> {
  const joint = { eventStarts: [] as number[], values: [] as number[], beliefTimes: [] as number[] };
  const slice = new TimeSlice();
  let additions = 0;
  const add = (row: number, parts: ArrayLike<number>): void => {
    const beliefTime = rows.beliefTimes[row]!;
    additions += parts.length;
    const total = additions > MAX_ADDITIONS ? NaN : sum(parts);
    if (!Number.isFinite(total)) {
      const event = formatInstant(rows.events[row]!, zone);
      throw new BeliefFileError(file.place, additions > MAX_ADDITIONS ? tooOften(event) : tooLarge(event));
    }
    joint.eventStarts.push(rows.events[row]!);
    joint.values.push(nature === 'flow' ? total / parts.length : total);
    joint.beliefTimes.push(beliefTime === Infinity ? NaN : beliefTime);
  };
  const { events, beliefTimes, values } = rows;
  for (let from = 0, to = 0; from < events.length; from = to) {
    to = endOfRun(events, from, events.length);
    if (beliefTimes[from] === beliefTimes[to - 1]) add(from, values.subarray(from, to));
    else {
      for (const { row, parts } of atEachBeliefTime(rows, from, to)) {
        add(row, parts);
        await slice.restIfOver();
      }
    }
    await slice.restIfOver();
  }
  return {
    eventStarts: Float64Array.from(joint.eventStarts),
    values: Float64Array.from(joint.values),
    beliefTimes: Float64Array.from(joint.beliefTimes),
  };
}

const tooLarge = (event: string): string =>
  `the values of the event at ${event} add up to more than a number can hold`;

const tooOften = (event: string): string =>
  `the file has too many belief times about the parts of the event at ${event} and others: import fewer at once`;

/** What was believed about the event of rows [from, to) at each of their belief times from when all of it was known. */
function* atEachBeliefTime(
  { starts, beliefTimes, values }: WindowRows,
  from: number,
  to: number,
): Generator<{ row: number; parts: number[] }> {
  const count = new Set(starts.subarray(from, to)).size;
  const known = new Map<number, number>();
  for (let row = from, next = from; row < to; row = next) {
    next = endOfRun(beliefTimes, row, to);
    for (let part = row; part < next; part++) known.set(starts[part]!, values[part]!);
    if (known.size === count) yield { row, parts: Array.from(known.values()) };
  }
}

function endOfRun(column: Float64Array, from: number, end: number): number {
  let to = from + 1;
  while (to < end && column[to] === column[from]) to++;
  return to;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
