import type { BeliefColumns } from '../model';

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
 * time of the text format. Format: PostgreSQL documentation, COPY, "Binary Format".
 */
export function encodeRows(sensorId: number, beliefs: BeliefColumns, from: number, to: number): Buffer {
  const buffer = Buffer.allocUnsafe((to - from) * ROW_BYTES);
  let at = 0;
  for (let i = from; i < to; i++) {
    at = buffer.writeInt16BE(FIELDS, at);
    at = writeInt32(buffer, sensorId, at);
    at = writeInt32(buffer, beliefs.sourceIds[i]!, at);
    at = writeInt64(buffer, (beliefs.eventStarts[i]! - POSTGRES_EPOCH_MS) * 1000, at);
    at = writeInt64(buffer, beliefs.beliefHorizons[i]!, at);
    at = writeDouble(buffer, beliefs.cumulativeProbabilities[i]!, at);
    at = writeDouble(buffer, beliefs.values[i]!, at);
  }
  return buffer;
}

function writeInt32(buffer: Buffer, value: number, at: number): number {
  return buffer.writeInt32BE(value, buffer.writeInt32BE(4, at));
}

/** A whole number of up to 53 bits. */
function writeInt64(buffer: Buffer, value: number, at: number): number {
  const high = Math.floor(value / TWO_32);
  return buffer.writeUInt32BE(value - high * TWO_32, buffer.writeInt32BE(high, buffer.writeInt32BE(8, at)));
}

function writeDouble(buffer: Buffer, value: number, at: number): number {
  return buffer.writeDoubleBE(value, buffer.writeInt32BE(8, at));
}
