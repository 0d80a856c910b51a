import { CsvError, parse, type Options } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { Fields } from '../cells/fields';
import type { BeliefFileBatch } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import type { RowCollector } from '../rows/row-collector';
import type { RowReader } from '../rows/row-reader';
import type { ByteWindow } from './byte-window';

const MOST_RECORD_BYTES = 1 << 26;

/** How CSV is written where the grammar matters; CsvScanner agrees with it on lines that it can split. */
function grammar(delimiter: string): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    max_record_size: MOST_RECORD_BYTES,
  };
}

/** Cells of one line, with all of CSV's quoting. */
export function splitOddLine(text: string, delimiter: string): string[] {
  const [cells = []] = parseAtOnce(text, grammar(delimiter));
  return cells;
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
  while (!rows.isDone) {
    await parser.write(Buffer.from(window.bytes.subarray(window.start, window.end)));
    // Full batches from before a bad row come first, as they do without odd quotes.
    yield* collector.ready.splice(0);
    parser.assertSound();
    if (window.isLast) break;
    window.start = window.end;
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
    const reason =
      error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened here but not closed' : error.message;
    return new BeliefFileError({ file: this.source.file, line }, reason);
  }
}
