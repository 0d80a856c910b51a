import type { BeliefColumns } from '../../model';
import { POSTGRES_EPOCH_MS } from './copy-format';

const TWO_32 = 2 ** 32;

/** PostgreSQL functions that encode a value in binary: big-endian, of fixed length. */
type Send = 'timestamptz_send' | 'float8send' | 'int4send';

/**
 * SQL for a column of many rows as one value of type bytea: a tenth of the cost of sending rows, and two thirds of the
 * cost of numbers as text.
 */
export const columnSql = (send: Send, column: string, order: string, name: string): string =>
  `string_agg(${send}(${column}), ''::bytea ORDER BY ${order}) AS ${name}`;

/** SQL for beliefs as one value of type bytea, one after another: faster than five columns. `decodeBeliefs` reads it. */
export const beliefsSql = (order: string, name: string): string =>
  `string_agg(timestamptz_send(event_start) || int8send(belief_horizon) || int4send(source_id)
     || float8send(cumulative_probability) || float8send(event_value), ''::bytea ORDER BY ${order}) AS ${name}`;

/** SQL for values as one value of type bytea, one after another. `decodeEvents` reads it. */
export const eventsSql = (order: string): string =>
  `string_agg(timestamptz_send(event_start) || float8send(event_value), ''::bytea ORDER BY ${order})`;

/** Bytes of a row in `beliefsSql` and in `eventsSql`. */
export const BELIEF_BYTES = 36;
export const EVENT_BYTES = 16;

/**
 * SQL for parts of a value of type bytea, as text, and for the length of the whole. The driver copies a long value again and
 * again while it arrives, and makes an object per value of type bytea; both cost more by garbage collection than the decoding.
 *
 * @param whole a SELECT of one value with this name
 */
export const inPartsSql = (whole: string, name: string, bytesPerRow: number): string => {
  const length = PART_ROWS * bytesPerRow;
  return `SELECT ${partSql(`substr(${name}, ${length} * part + 1, ${length})`)}, octet_length(${name}) AS bytes
          FROM (${whole}) AS whole, generate_series(0, (octet_length(${name}) - 1) / ${length}) AS part ORDER BY part`;
};

/** SQL for bytes as text. */
export const partSql = (bytes: string): string => `encode(${bytes}, 'base64') AS text`;

/** Number of rows in a part: less than the 64 kB that are read from a connection at once. */
export const PART_ROWS = 512;

/** A row of `inPartsSql`. */
export interface Part {
  /** Null if there are no rows. */
  text: string | null;
  /** Length of the whole. */
  bytes: number | null;
}

const SCRATCH = Buffer.allocUnsafe(PART_ROWS * BELIEF_BYTES * 1.1);

/** The bytes of a part, until the next call. */
function bytesOf(text: string): DataView {
  // Somewhat more than there are, because of line breaks.
  const atMost = Math.ceil((text.length * 3) / 4);
  const isShort = atMost <= SCRATCH.length;
  const bytes = isShort ? SCRATCH.subarray(0, SCRATCH.write(text, 'base64')) : Buffer.from(text, 'base64');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A column as the driver returns it; null without rows. */
export type Column = Buffer | null | undefined;

/** Decodes `timestamptz_send`. @returns epoch milliseconds */
export const readTimes = (column: Column): Float64Array =>
  readColumn(column, (view, at) => toEpochMs(readInt64(view, at)));

/** Decodes `float8send`. */
export const readDoubles = (column: Column): Float64Array =>
  readColumn(column, (view, at) => view.getFloat64(at));

/** Decodes `int4send`. */
export function readIds(column: Column): Int32Array {
  const ids = new Int32Array((column?.length ?? 0) / 4);
  for (let i = 0; i < ids.length; i++) ids[i] = column!.readInt32BE(4 * i);
  return ids;
}

/** Decodes a part of `beliefsSql` into the rows of `beliefs` from `first` on. @returns the row after the last */
export function decodeBeliefs(text: string, beliefs: BeliefColumns, first: number): number {
  const view = bytesOf(text);
  let row = first;
  for (let at = 0; at < view.byteLength; at += BELIEF_BYTES, row++) {
    beliefs.eventStarts[row] = toEpochMs(readInt64(view, at));
    beliefs.beliefHorizons[row] = readInt64(view, at + 8);
    beliefs.sourceIds[row] = view.getInt32(at + 16);
    beliefs.cumulativeProbabilities[row] = view.getFloat64(at + 20);
    beliefs.values[row] = view.getFloat64(at + 28);
  }
  return row;
}

/** Decodes a part of `eventsSql`, as `decodeBeliefs` does. */
export function decodeEvents(
  text: string,
  { eventStarts, values }: { eventStarts: Float64Array; values: Float64Array },
  first: number,
): number {
  const view = bytesOf(text);
  let row = first;
  for (let at = 0; at < view.byteLength; at += EVENT_BYTES, row++) {
    eventStarts[row] = toEpochMs(readInt64(view, at));
    values[row] = view.getFloat64(at + 8);
  }
  return row;
}

function readColumn(column: Column, read: (view: DataView, at: number) => number): Float64Array {
  const values = new Float64Array((column?.length ?? 0) / 8);
  if (!column) return values;
  const view = new DataView(column.buffer, column.byteOffset, column.length);
  for (let i = 0; i < values.length; i++) values[i] = read(view, 8 * i);
  return values;
}

/** Decodes `int8send`, for numbers of up to 53 bits. */
const readInt64 = (view: DataView, at: number): number => view.getInt32(at) * TWO_32 + view.getUint32(at + 4);

const toEpochMs = (postgresMicroseconds: number): number =>
  POSTGRES_EPOCH_MS + Math.round(postgresMicroseconds / 1000);
