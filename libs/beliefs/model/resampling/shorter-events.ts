import { countEventsIn, eventStartAfter } from '#lib/time';
import type { Aggregation } from './aggregation';

/** Shorter events that longer ones consist of. */
export interface ShorterEvents {
  /** Epoch ms; in the order of the longer events. */
  eventStarts: Float64Array;
  values: Float64Array;
  /** Which of the longer events each is a part of. */
  rows: Int32Array;
}

/** What longer events are split into. */
export interface EventSplit {
  /** Length of the shorter events, ms. Whole days are calendar days. */
  toMs: number;
  aggregation: Aggregation;
  /** IANA zone of the calendar. */
  zone: string;
}

type Calendar = Pick<EventSplit, 'toMs' | 'zone'>;

/** The number of shorter events that longer ones split into; see `splitEvents` for the parameters. */
export function countShorterEvents(
  eventStarts: Float64Array,
  eventEnds: Float64Array,
  split: Calendar,
): number {
  let count = 0;
  for (let row = 0; row < eventStarts.length; row++) {
    count += countParts(eventStarts[row]!, eventEnds[row]!, split);
  }
  return count;
}

/**
 * Splits longer events into shorter ones: means are repeated, amounts divided evenly.
 *
 * @param eventStarts of the longer events, epoch ms
 * @param eventEnds aligned with `eventStarts`, exclusive: the last part may reach beyond the end, but starts before it
 * @param values aligned with `eventStarts`
 */
export function splitEvents(
  eventStarts: Float64Array,
  eventEnds: Float64Array,
  values: Float64Array,
  split: EventSplit,
): ShorterEvents {
  const [all = emptyBatch(0)] = splitEventsInBatches(eventStarts, eventEnds, values, split);
  return all;
}

/** As `splitEvents`, with at most `maxEvents` shorter events at a time, however many a longer event has. */
export function* splitEventsInBatches(
  eventStarts: Float64Array,
  eventEnds: Float64Array,
  values: Float64Array,
  split: EventSplit,
  maxEvents = Infinity,
): Generator<ShorterEvents> {
  const { toMs, aggregation, zone } = split;
  let left = countShorterEvents(eventStarts, eventEnds, split);
  let batch = emptyBatch(Math.min(left, maxEvents));
  let at = 0;
  for (let row = 0; row < eventStarts.length; row++) {
    const startMs = eventStarts[row]!;
    const count = countParts(startMs, eventEnds[row]!, split);
    const isCalendar = isCalendarPeriod(startMs, eventEnds[row]!, split);
    const value = aggregation === 'mean' ? values[row]! : values[row]! / count;
    for (let part = 0; part < count; part++) {
      batch.eventStarts[at] = isCalendar ? eventStartAfter(startMs, toMs, part, zone) : startMs + part * toMs;
      batch.values[at] = value;
      batch.rows[at] = row;
      if (++at < batch.rows.length) continue;
      yield batch;
      left -= at;
      batch = emptyBatch(Math.min(left, maxEvents));
      at = 0;
    }
  }
}

/** Whether a longer event consists of calendar days, so that a clock change makes some of its parts longer or shorter. */
const isCalendarPeriod = (startMs: number, endMs: number, { toMs, zone }: Calendar): boolean =>
  Number.isInteger(countEventsIn(startMs, endMs, toMs, zone));

const countParts = (startMs: number, endMs: number, calendar: Calendar): number =>
  isCalendarPeriod(startMs, endMs, calendar)
    ? countEventsIn(startMs, endMs, calendar.toMs, calendar.zone)
    : Math.ceil((endMs - startMs) / calendar.toMs);

const emptyBatch = (size: number): ShorterEvents => ({
  eventStarts: new Float64Array(size),
  values: new Float64Array(size),
  rows: new Int32Array(size),
});
