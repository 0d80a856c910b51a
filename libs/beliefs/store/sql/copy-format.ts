import type { BeliefColumns } from '../../model';

/** The columns in the order of `encodeRows`. */
export const COPY_COLUMNS =
  'sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value';

/** PostgreSQL counts timestamps in microseconds from 2000-01-01T00:00Z. */
export const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;
const FIELDS = 6;
const ROW_BYTES = 2 + 2 * (4 + 4) + 4 * (4 + 8);

/** Start of a COPY in binary format: signature, flags, no header extension. */
export const COPY_HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

/** End of a COPY in binary format. */
export const COPY_TRAILER = Buffer.from([0xff, 0xff]);

/**
 * Encodes beliefs `from` to `to` (exclusive) about a sensor as rows of a COPY in binary format, which takes a third of the
 * time of the text format. Every field is its length in bytes, then its value. Format: PostgreSQL documentation, COPY,
 * "Binary Format". A DataView is four times as fast here as the methods of Buffer.
 */
export function encodeRows(sensorId: number, beliefs: BeliefColumns, from: number, to: number): Buffer {
  const buffer = Buffer.allocUnsafe((to - from) * ROW_BYTES);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  for (let i = from, at = 0; i < to; i++, at += ROW_BYTES) {
    view.setInt16(at, FIELDS);
    view.setInt32(at + 2, 4);
    view.setInt32(at + 6, sensorId);
    view.setInt32(at + 10, 4);
    view.setInt32(at + 14, beliefs.sourceIds[i]!);
    view.setInt32(at + 18, 8);
    setInt64(view, at + 22, (beliefs.eventStarts[i]! - POSTGRES_EPOCH_MS) * 1000);
    view.setInt32(at + 30, 8);
    setInt64(view, at + 34, beliefs.beliefHorizons[i]!);
    view.setInt32(at + 42, 8);
    view.setFloat64(at + 46, beliefs.cumulativeProbabilities[i]!);
    view.setInt32(at + 54, 8);
    view.setFloat64(at + 58, beliefs.values[i]!);
  }
  return buffer;
}

/** Writes a whole number of up to 53 bits. */
function setInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * TWO_32);
}
