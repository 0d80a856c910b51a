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

/** What the parser is given at once, which it takes a few milliseconds for. */
const CHUNK_BYTES = 1 << 13;

/** How CSV is written where the grammar matters; CsvScanner agrees with it on lines that it can split. */
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
 * Cells of one line that is skipped, with all of CSV's quoting. If its quotes are wrong, they are taken as text.
 *
 * @throws TooManyColumnsError
 */
export function splitOddLine(text: string, delimiter: string): string[] {
  // More delimiters than that between quotes are no less odd.
  if (text.split(delimiter, MAX_COLUMNS + 1).length > MAX_COLUMNS) throw new TooManyColumnsError();
  try {
    const [cells = []] = parseAtOnce(text, grammar(delimiter));
    return cells;
  } catch (error) {
    if (error instanceof CsvErrorAtOnce) return text.split(delimiter).map((cell) => cell.trim());
    throw error;
  }
}

/** Where to go on reading, and what to make of it. */
export interface OddCsv {
  file: string;
  delimiter: string;
  window: ByteWindow;
  /** Line, counted from 1, at the window's start. */
  line: number;
  rows: RowReader;
  collector: RowCollector;
}

/** Reads the rest of a CSV file with all of CSV's quoting, several times slower than CsvScanner. */
export async function* readOddCsv(source: OddCsv): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const { window, collector, rows } = source;
  const parser = new RecordParser(source);
  const slice = new TimeSlice();
  while (!rows.isDone) {
    const end = Math.min(window.start + CHUNK_BYTES, window.end);
    await parser.write(Buffer.from(window.bytes.subarray(window.start, end)));
    // Full batches from before a bad row come first, as they do without odd quotes.
    yield* collector.ready.splice(0);
    parser.assertSound();
    await slice.pauseIfOver();
    window.start = end;
    if (end < window.end) continue;
    if (window.isLast) break;
    await window.readMore();
  }
  if (rows.isDone) return;
  await parser.end();
  yield* collector.ready.splice(0);
  parser.assertSound();
}

/** Feeds the parser by hand: taking its records from within spares a turn of the event loop for each of them. */
class RecordParser {
  private readonly fields = new Fields();
  private readonly parser;
  /** Lines that the records so far have taken, counted from where reading began. */
  private linesDone = 0;
  private bytesDone = 0;
  private bytesGiven = 0;
  private failure: unknown;

  constructor(private readonly source: OddCsv) {
    this.parser = parse({
      ...grammar(source.delimiter),
      on_record: (record: string[], { lines, bytes }) => {
        this.take(record, lines);
        this.bytesDone = bytes;
        return null;
      },
    });
    this.parser.on('error', (error) => (this.failure ??= error));
  }

  /** Throws what went wrong so far. */
  assertSound(): void {
    if (this.failure instanceof CsvError) throw this.inWords(this.failure);
    if (this.failure) throw this.failure as Error;
    // Counted here: the parser's own limit passes over empty cells.
    if (this.bytesGiven - this.bytesDone > MAX_LINE_BYTES) throw this.located(TOO_LONG);
  }

  write(bytes: Buffer): Promise<void> {
    this.bytesGiven += bytes.length;
    return this.settled((done) => this.parser.write(bytes, done));
  }

  end(): Promise<void> {
    return this.settled((done) => this.parser.end(done));
  }

  private take(record: readonly string[], lines: number): void {
    if (!this.source.rows.isDone) {
      this.setFields(record);
      this.source.rows.read(this.fields, this.source.line + this.linesDone);
    }
    this.linesDone = lines;
  }

  private setFields(record: readonly string[]): void {
    try {
      this.fields.setTexts(record);
    } catch (error) {
      throw error instanceof TooManyColumnsError ? this.located(error.message) : error;
    }
  }

  private async settled(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      act((error) => {
        this.failure ??= error;
        resolve();
      });
    });
  }

  private inWords(error: CsvError): BeliefFileError {
    return this.located(
      error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened here but not closed' : error.message,
    );
  }

  /** An error about the record that comes next. */
  private located(reason: string): BeliefFileError {
    return new BeliefFileError({ file: this.source.file, line: this.source.line + this.linesDone }, reason);
  }
}
