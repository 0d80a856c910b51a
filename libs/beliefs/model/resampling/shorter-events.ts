import type { ValueNature } from './value-nature';

/** Shorter events that longer ones consist of. */
export interface ShorterEvents {
  /** Epoch ms; in the order of the longer events. */
  eventStarts: Float64Array;
  values: Float64Array;
  /** Which of the longer events each is a part of. */
  rows: Int32Array;
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
  const counts = new Float64Array(eventStarts.length);
  let total = 0;
  for (let row = 0; row < counts.length; row++) {
    counts[row] = Math.ceil((eventEnds[row]! - eventStarts[row]!) / toMs);
    total += counts[row]!;
  }
  const parts = {
    eventStarts: new Float64Array(total),
    values: new Float64Array(total),
    rows: new Int32Array(total),
  };
  for (let row = 0, at = 0; row < counts.length; row++) {
    const count = counts[row]!;
    const value = nature === 'flow' ? values[row]! : values[row]! / count;
    for (let part = 0; part < count; part++, at++) {
      parts.eventStarts[at] = eventStarts[row]! + part * toMs;
      parts.values[at] = value;
      parts.rows[at] = row;
    }
  }
  return parts;
}
