import { open } from 'node:fs/promises';
import { TimeSlice } from '#lib/concurrency';
import { Fields, TooManyColumnsError } from '../cells/fields';
import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { RowCollector } from '../rows/row-collector';
import { RowReader } from '../rows/row-reader';

import { ByteWindow } from './byte-window';
import { readWithParser, splitLineWithParser } from './csv-parser';
import { CsvScanner, type ScanResult } from './csv-scanner';

const LINE_FEED = 0x0a;
/** Number of rows between checks of the time slice. */
const ROWS_PER_TIME_CHECK = 64;

/** Reads a CSV file in batches with constant memory. See `readBeliefFile`. */
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
    rejectBinaryFile(window, path);
    await window.detectLineEnds();
    const delimiter = options.delimiter ?? ',';
    const skiprows = options.skiprows ?? 0;
    const lastSkipped = await skipLines(window, skiprows, path);
    const skipped =
      lastSkipped === undefined ? undefined : parseColumnNames(lastSkipped, delimiter, path, skiprows);
    const collector = new RowCollector(batchSize, options.keep);
    const rows = new RowReader(path, options, collector, summary, skipped);
    const batches = readRows({ file: path, delimiter, window, line: skiprows + 1, rows, collector });
    yield* withProgress(batches, window, await handle.stat(), options);
  } finally {
    await handle.close();
  }
}

/** Reports the progress for each batch. */
async function* withProgress(
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

type CsvReadState = Parameters<typeof readWithParser>[0];

async function* readRows(source: CsvReadState): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const { window, collector, rows } = source;
  const scanner = new CsvScanner(source.delimiter.charCodeAt(0));
  const fields = new Fields();
  const slice = new TimeSlice();
  for (;;) {
    const stop = scanRows(source, scanner, fields, slice);
    yield* collector.ready.splice(0);
    await slice.pauseIfOver();
    if (stop === 'incomplete') {
      if (!(await window.readMore())) throw lineTooLongError(source.file, source.line);
      scanner.reset();
    } else if (stop === 'complex') {
      yield* readWithParser(source);
      break;
    } else if (stop === 'end' || rows.isDone) {
      break;
    }
  }
  rows.finish();
  collector.finish();
  yield* collector.ready.splice(0);
}

const lineTooLongError = (file: string, line: number): BeliefFileError =>
  new BeliefFileError({ file, line }, 'the line is too long for a CSV file');

/**
 * Reads rows until a batch is full, the window or the time slice ends, or a line needs the full CSV grammar. Advances the
 * window and the line number.
 */
function scanRows(
  source: CsvReadState,
  scanner: CsvScanner,
  fields: Fields,
  slice: TimeSlice,
): 'batch' | 'pause' | 'incomplete' | 'complex' | 'end' {
  const { window, collector, rows } = source;
  fields.bytes = window.bytes;
  for (let count = 1; collector.ready.length === 0 && !rows.isDone; count++) {
    if (window.start === window.end && window.isLast) return 'end';
    const found = scanLine(source, scanner, fields);
    if (found !== 'line') return found;
    rows.read(fields, source.line);
    source.line++;
    window.start = scanner.next;
    if (count % ROWS_PER_TIME_CHECK === 0 && slice.isOver) return 'pause';
  }
  return 'batch';
}

function scanLine({ file, line, window }: CsvReadState, scanner: CsvScanner, fields: Fields): ScanResult {
  try {
    return scanner.scan(fields, window.start, window.end, window.isLast);
  } catch (error) {
    throw error instanceof TooManyColumnsError ? new BeliefFileError({ file, line }, error.message) : error;
  }
}

/** @returns the text of the last skipped line; undefined if there is none */
async function skipLines(window: ByteWindow, count: number, file: string): Promise<string | undefined> {
  const slice = new TimeSlice();
  let text: string | undefined;
  for (let skipped = 0; skipped < count; skipped++) {
    // Most lines end in the window. Awaiting each of them would take longer than finding it.
    const end = findLineEnd(window) ?? (await readLine(window, file, skipped + 1));
    if (window.start === window.end) return undefined;
    if (skipped === count - 1) text = window.bytes.toString('utf8', window.start, end);
    window.start = Math.min(end + 1, window.end);
    if (skipped % ROWS_PER_TIME_CHECK === 0) await slice.pauseIfOver();
  }
  return text;
}

function parseColumnNames(text: string, delimiter: string, file: string, line: number): string[] {
  try {
    return splitLineWithParser(text, delimiter);
  } catch (error) {
    throw error instanceof TooManyColumnsError ? new BeliefFileError({ file, line }, error.message) : error;
  }
}

/** Finds the end of the line at the start of the window; undefined if the line does not end in the window. */
function findLineEnd({ bytes, start, end, isLast }: ByteWindow): number | undefined {
  const lineEnd = bytes.indexOf(LINE_FEED, start);
  if (lineEnd >= 0 && lineEnd < end) return lineEnd;
  return isLast ? end : undefined;
}

/** Reads more bytes until the line at the start of the window ends. @returns where it ends */
async function readLine(window: ByteWindow, file: string, line: number): Promise<number> {
  for (;;) {
    if (!(await window.readMore())) throw lineTooLongError(file, line);
    const end = findLineEnd(window);
    if (end !== undefined) return end;
  }
}

/** First bytes of files that are not text. */
const SIGNATURES: readonly [number[], string][] = [
  [[0x1f, 0x8b], 'the file is packed by gzip: unpack it first'],
  [
    [0x50, 0x4b, 0x03, 0x04],
    'the file is a spreadsheet, which is read if its name ends in .xlsx, or a zip archive: unpack it first',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'the file is an old spreadsheet, which is read if its name ends in .xls'],
];

function rejectBinaryFile({ bytes, end }: ByteWindow, file: string): void {
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
