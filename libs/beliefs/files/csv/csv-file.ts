import { open } from 'node:fs/promises';
import { TimeSlice } from '#lib/concurrency';
import { Fields, TooManyColumnsError } from '../cells/fields';
import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { RowCollector } from '../rows/row-collector';
import { RowReader } from '../rows/row-reader';

import { ByteWindow } from './byte-window';
import { readOddCsv, splitOddLine } from './csv-odd';
import { CsvScanner, type ScanResult } from './csv-scanner';

const LINE_FEED = 0x0a;
/** The clock is looked at after so many rows. */
const ROWS_PER_LOOK = 64;

/** Reads a CSV file in batches; memory does not grow with the file. See `readBeliefFile`. */
export async function* readCsvFile(
  path: string,
  options: BeliefFileOptions,
  batchSize: number,
  summary: BeliefFileSummary,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const handle = await open(path);
  try {
    const window = new ByteWindow(handle);
    await window.readMore();
    skipByteOrderMark(window, path);
    refusePacked(window, path);
    await window.settleLineEnds();
    const delimiter = options.delimiter ?? ',';
    const skiprows = options.skiprows ?? 0;
    const lastSkipped = await skipLines(window, skiprows, path);
    const skipped = lastSkipped === undefined ? undefined : namesIn(lastSkipped, delimiter, path, skiprows);
    const collector = new RowCollector(batchSize);
    const rows = new RowReader(path, options, collector, summary, skipped);
    const batches = readRows({ file: path, delimiter, window, line: skiprows + 1, rows, collector });
    yield* tellingProgress(batches, window, await handle.stat(), options);
  } finally {
    await handle.close();
  }
}

/** Passes batches on, and tells after each how far the file has been read. */
async function* tellingProgress(
  batches: AsyncIterable<BeliefFileBatch>,
  window: ByteWindow,
  { size }: { size: number },
  { onProgress }: BeliefFileOptions,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  for await (const batch of batches) {
    if (size > 0) onProgress?.(Math.min(1, window.bytesRead / size));
    yield batch;
  }
}

type CsvSource = Parameters<typeof readOddCsv>[0];

async function* readRows(source: CsvSource): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const { window, collector, rows } = source;
  const scanner = new CsvScanner(source.delimiter.charCodeAt(0));
  const fields = new Fields();
  const slice = new TimeSlice();
  for (;;) {
    const stop = scanRows(source, scanner, fields, slice);
    yield* collector.ready.splice(0);
    await slice.pauseIfOver();
    if (stop === 'incomplete') {
      if (!(await window.readMore())) throw tooLong(source.file, source.line);
      scanner.reset();
    } else if (stop === 'odd') {
      yield* readOddCsv(source);
      break;
    } else if (stop === 'end' || rows.isDone) {
      break;
    }
  }
  rows.assertAny();
  collector.finish();
  yield* collector.ready.splice(0);
}

const tooLong = (file: string, line: number): BeliefFileError =>
  new BeliefFileError({ file, line }, 'the line is too long for a CSV file');

/**
 * Reads rows until a batch is full, the window or the time used up, or the quoting too odd; moves on window and line.
 */
function scanRows(
  source: CsvSource,
  scanner: CsvScanner,
  fields: Fields,
  slice: TimeSlice,
): 'batch' | 'pause' | 'incomplete' | 'odd' | 'end' {
  const { window, collector, rows } = source;
  fields.bytes = window.bytes;
  for (let count = 1; collector.ready.length === 0 && !rows.isDone; count++) {
    if (window.start === window.end && window.isLast) return 'end';
    const found = scanLine(source, scanner, fields);
    if (found !== 'line') return found;
    rows.read(fields, source.line);
    source.line++;
    window.start = scanner.next;
    if (count % ROWS_PER_LOOK === 0 && slice.isOver) return 'pause';
  }
  return 'batch';
}

function scanLine({ file, line, window }: CsvSource, scanner: CsvScanner, fields: Fields): ScanResult {
  try {
    return scanner.scan(fields, window.start, window.end, window.isLast);
  } catch (error) {
    throw error instanceof TooManyColumnsError ? new BeliefFileError({ file, line }, error.message) : error;
  }
}

/** @returns the text of the last line skipped; undefined when there is none, as beyond the end of the file */
async function skipLines(window: ByteWindow, count: number, file: string): Promise<string | undefined> {
  const slice = new TimeSlice();
  let text: string | undefined;
  for (let skipped = 0; skipped < count; skipped++) {
    // Most lines end in the window. To wait for each of them would take longer than to find it.
    const end = findLineEnd(window) ?? (await readLine(window, file, skipped + 1));
    if (window.start === window.end) return undefined;
    if (skipped === count - 1) text = window.bytes.toString('utf8', window.start, end);
    window.start = Math.min(end + 1, window.end);
    if (skipped % ROWS_PER_LOOK === 0) await slice.pauseIfOver();
  }
  return text;
}

function namesIn(text: string, delimiter: string, file: string, line: number): string[] {
  try {
    return splitOddLine(text, delimiter);
  } catch (error) {
    throw error instanceof TooManyColumnsError ? new BeliefFileError({ file, line }, error.message) : error;
  }
}

/** Where the line ends that begins at the window's start; undefined if its end is not in the window. */
function findLineEnd({ bytes, start, end, isLast }: ByteWindow): number | undefined {
  const lineEnd = bytes.indexOf(LINE_FEED, start);
  if (lineEnd >= 0 && lineEnd < end) return lineEnd;
  return isLast ? end : undefined;
}

/** Reads on to the end of the line that begins at the window's start, and returns where it is. */
async function readLine(window: ByteWindow, file: string, line: number): Promise<number> {
  for (;;) {
    if (!(await window.readMore())) throw tooLong(file, line);
    const end = findLineEnd(window);
    if (end !== undefined) return end;
  }
}

/** What files that are no text begin with. */
const SIGNATURES: readonly [number[], string][] = [
  [[0x1f, 0x8b], 'the file is packed by gzip: unpack it first'],
  [
    [0x50, 0x4b, 0x03, 0x04],
    'the file is a spreadsheet, which is read if its name ends in .xlsx, or a zip archive: unpack it first',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'the file is an old spreadsheet, which is read if its name ends in .xls'],
];

function refusePacked({ bytes, end }: ByteWindow, file: string): void {
  const found = SIGNATURES.find(
    ([start]) => start.length <= end && start.every((byte, i) => bytes[i] === byte),
  );
  if (found) throw new BeliefFileError({ file }, found[1]);
}

function skipByteOrderMark(window: ByteWindow, file: string): void {
  const { bytes, end } = window;
  if (end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) window.start = 3;
  const isUtf16 =
    end >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (isUtf16) throw new BeliefFileError({ file }, 'the file is encoded in UTF-16: save it as UTF-8');
}
