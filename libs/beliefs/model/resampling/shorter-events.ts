import type { ValueNature } from './value-nature';

/** Shorter events that longer ones consist of. */
export interface ShorterEvents {
  /** Epoch ms; in the order of the longer events. */
  eventStarts: Float64Array;
  values: Float64Array;
  /** Which of the longer events each is a part of. */
  rows: Int32Array;
}

/** The number of shorter events that longer ones split into; see `splitEvents` for the parameters. */
export function countShorterEvents(eventStarts: Float64Array, eventEnds: Float64Array, toMs: number): number {
  let count = 0;
  for (let row = 0; row < eventStarts.length; row++) {
    count += countParts(eventStarts[row]!, eventEnds[row]!, toMs);
  }
  return count;
}

/**
 * Splits longer events into shorter ones: flows are repeated, stocks divided evenly.
 *
 * @param eventStarts of the longer events, epoch ms
 * @param eventEnds aligned with `eventStarts`, exclusive: the last part may reach beyond the end, but starts before it
 * @param values aligned with `eventStarts`
 * @param toMs length of the shorter events
 */
export function splitEvents(
  eventStarts: Float64Array,
  eventEnds: Float64Array,
  values: Float64Array,
  toMs: number,
  nature: ValueNature,
): ShorterEvents {
  const [all = emptyBatch(0)] = splitEventsInBatches(eventStarts, eventEnds, values, toMs, nature);
  return all;
}

/** As `splitEvents`, with at most `maxEvents` shorter events at a time, however many a longer event has. */
export function* splitEventsInBatches(
  eventStarts: Float64Array,
  eventEnds: Float64Array,
  values: Float64Array,
  toMs: number,
  nature: ValueNature,
  maxEvents = Infinity,
): Generator<ShorterEvents> {
  let left = countShorterEvents(eventStarts, eventEnds, toMs);
  let batch = emptyBatch(Math.min(left, maxEvents));
  let at = 0;
  for (let row = 0; row < eventStarts.length; row++) {
    const count = countParts(eventStarts[row]!, eventEnds[row]!, toMs);
    const value = nature === 'flow' ? values[row]! : values[row]! / count;
    for (let part = 0; part < count; part++) {
      batch.eventStarts[at] = eventStarts[row]! + part * toMs;
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

const countParts = (startMs: number, endMs: number, toMs: number): number =>
  Math.ceil((endMs - startMs) / toMs);

const emptyBatch = (size: number): ShorterEvents => ({
  eventStarts: new Float64Array(size),
  values: new Float64Array(size),
  rows: new Int32Array(size),
});
