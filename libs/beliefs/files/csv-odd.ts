import { setImmediate } from 'node:timers/promises';
import { CsvError, parse, type Options } from 'csv-parse';
import { CsvError as CsvErrorAtOnce, parse as parseAtOnce } from 'csv-parse/sync';
import type { BeliefFileBatch } from './belief-file';
import { BeliefFileError } from './belief-file-error';
import { MOST_LINE_BYTES, type ByteWindow } from './byte-window';
import { Fields } from './fields';
import type { RowCollector } from './row-collector';
import type { RowReader } from './row-reader';

/** So much is parsed before other work of the process gets its turn; it takes some tens of milliseconds at worst. */
const SLICE_BYTES = 1 << 13;

/** How CSV is written where the grammar matters; CsvScanner agrees with it on lines that it can split. */
function grammar(delimiter: string): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    max_record_size: MOST_LINE_BYTES,
  };
}

/** Cells of one line that is skipped, with all of CSV's quoting; where that is wrong, quotes mean nothing. */
export function splitOddLine(text: string, delimiter: string): string[] {
  try {
    const [cells = []] = parseAtOnce(text, grammar(delimiter));
    return cells;
  } catch (error) {
    if (error instanceof CsvErrorAtOnce) return text.split(delimiter).map((cell) => cell.trim());
    throw error;
  }
}

/** What is wrong with quotes, by the parser's code. */
const REASONS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened here but not closed',
  CSV_MAX_RECORD_SIZE: 'the line is too long for a CSV file, or a quote is opened here but not closed',
};

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
  while (!rows.isDone) {
    const sliceEnd = Math.min(window.start + SLICE_BYTES, window.end);
    await parser.write(Buffer.from(window.bytes.subarray(window.start, sliceEnd)));
    // Full batches from before a bad row come first, as they do without odd quotes.
    yield* collector.ready.splice(0);
    parser.assertSound();
    window.start = sliceEnd;
    if (window.start < window.end) await setImmediate();
    else if (window.isLast) break;
    else await window.readMore();
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
  private failure: unknown;

  constructor(private readonly source: OddCsv) {
    this.parser = parse({
      ...grammar(source.delimiter),
      on_record: (record: string[], { lines }) => {
        this.take(record, lines);
        return null;
      },
    });
    this.parser.on('error', (error) => (this.failure ??= error));
  }

  /** Throws what went wrong so far. */
  assertSound(): void {
    if (this.failure instanceof CsvError) throw this.inWords(this.failure);
    if (this.failure) throw this.failure as Error;
  }

  write(bytes: Buffer): Promise<void> {
    return this.settled((done) => this.parser.write(bytes, done));
  }

  end(): Promise<void> {
    return this.settled((done) => this.parser.end(done));
  }

  private take(record: readonly string[], lines: number): void {
    const line = this.source.line + this.linesDone;
    this.linesDone = lines;
    if (this.source.rows.isDone) return;
    this.fields.setTexts(record);
    this.source.rows.read(this.fields, line);
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
    const line = this.source.line + this.linesDone;
    return new BeliefFileError({ file: this.source.file, line }, REASONS[error.code] ?? error.message);
  }
}
