import { CsvError, parse, type Options } from 'csv-parse';
import { CsvError as CsvErrorAtOnce, parse as parseAtOnce } from 'csv-parse/sync';
import { TimeSlice } from '#lib/concurrency';
import { Fields, MAX_COLUMNS, TooManyColumnsError } from '../cells/fields';
import type { BeliefFileBatch } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import type { RowCollector } from '../rows/row-collector';
import type { RowReader } from '../rows/row-reader';

import { MAX_LINE_BYTES, type ByteWindow } from './byte-window';

const TOO_LONG = 'the line is too long for a CSV file, or a quote is opened here but not closed';

/** Bytes per call of the parser; one call takes a few milliseconds. */
const CHUNK_BYTES = 1 << 13;

/** The CSV grammar. CsvScanner gives the same result for the lines that it can split. */
function grammar(delimiter: string): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
  };
}

/**
 * Splits one skipped line with the full CSV grammar. If its quotes are wrong, they are read as text.
 *
 * @throws TooManyColumnsError
 */
export function splitLineWithParser(text: string, delimiter: string): string[] {
  // This also rejects lines with that many delimiters inside quotes.
  if (text.split(delimiter, MAX_COLUMNS + 1).length > MAX_COLUMNS) throw new TooManyColumnsError();
  try {
    const [cells = []] = parseAtOnce(text, grammar(delimiter));
    return cells.map(plainText);
  } catch (error) {
    if (error instanceof CsvErrorAtOnce) return text.split(delimiter).map((cell) => cell.trim());
    throw error;
  }
}

/** The text of a cell that a formula protects from spreadsheets, such as `="0123"`. */
const plainText = (cell: string): string =>
  cell.length >= 3 && cell.startsWith('="') && cell.endsWith('"') ? cell.slice(2, -1) : cell;

/** The state of reading a CSV file. */
export interface CsvSource {
  file: string;
  delimiter: string;
  window: ByteWindow;
  /** Number of the line at the start of the window, from 1. */
  line: number;
  rows: RowReader;
  collector: RowCollector;
}

/** Reads the rest of a CSV file with the full grammar. This is several times slower than CsvScanner. */
export async function* readWithParser(source: CsvSource): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const { window, collector, rows } = source;
  const parser = new RecordParser(source);
  const slice = new TimeSlice();
  while (!rows.isDone) {
    const end = Math.min(window.start + CHUNK_BYTES, window.end);
    await parser.write(Buffer.from(window.bytes.subarray(window.start, end)));
    // Yield the complete batches before a bad row first, as CsvScanner does.
    yield* collector.ready.splice(0);
    parser.assertNoError();
    await slice.pauseIfOver();
    window.start = end;
    if (end < window.end) continue;
    if (window.isLast) break;
    await window.readMore();
  }
  if (rows.isDone) return;
  await parser.end();
  yield* collector.ready.splice(0);
  parser.assertNoError();
}

/** Calls the parser directly: taking records in its callback avoids an event loop iteration per record. */
class RecordParser {
  private readonly fields = new Fields();
  private readonly parser;
  /** Number of lines of the records so far. */
  private linesDone = 0;
  private bytesDone = 0;
  private bytesGiven = 0;
  private failure: unknown;

  constructor(private readonly source: CsvSource) {
    this.parser = parse({
      ...grammar(source.delimiter),
      on_record: (record: string[], { lines, bytes }) => {
        this.addRecord(record, lines);
        this.bytesDone = bytes;
        return null;
      },
    });
    this.parser.on('error', (error) => (this.failure ??= error));
  }

  /** Throws the first error, if there was one. */
  assertNoError(): void {
    if (this.failure instanceof CsvError) throw this.toFileError(this.failure);
    if (this.failure) throw this.failure as Error;
    // Checked here, because the limit of the parser does not count empty cells.
    if (this.bytesGiven - this.bytesDone > MAX_LINE_BYTES) throw this.createError(TOO_LONG);
  }

  write(bytes: Buffer): Promise<void> {
    this.bytesGiven += bytes.length;
    return this.awaitCallback((done) => this.parser.write(bytes, done));
  }

  end(): Promise<void> {
    return this.awaitCallback((done) => this.parser.end(done));
  }

  private addRecord(record: readonly string[], lines: number): void {
    if (!this.source.rows.isDone) {
      this.setFields(record);
      this.source.rows.read(this.fields, this.source.line + this.linesDone);
    }
    this.linesDone = lines;
  }

  private setFields(record: readonly string[]): void {
    try {
      this.fields.setTexts(record.map(plainText));
    } catch (error) {
      throw error instanceof TooManyColumnsError ? this.createError(error.message) : error;
    }
  }

  private async awaitCallback(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      act((error) => {
        this.failure ??= error;
        resolve();
      });
    });
  }

  private toFileError(error: CsvError): BeliefFileError {
    return this.createError(
      error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened here but not closed' : error.message,
    );
  }

  /** An error about the next record. */
  private createError(reason: string): BeliefFileError {
    return new BeliefFileError({ file: this.source.file, line: this.source.line + this.linesDone }, reason);
  }
}
