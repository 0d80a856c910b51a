import { readCsvFile } from './csv/csv-file';
import type { BeliefFile, BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from './format/belief-file';
import { BeliefFileError, type FilePlace } from './format/belief-file-error';

/** Few enough that what is done with a batch at once takes some milliseconds. */
const DEFAULT_BATCH_ROWS = 8192;

/** Reads the rows of one kind of file in batches, and counts them in the summary. */
export type RowsReader = typeof readCsvFile;

/**
 * Reads beliefs about one sensor from a file of one kind, CSV unless told otherwise, in batches of rows in the file's order. Event starts and
 * belief times come out as instants; datetimes without an offset are taken to be local to the option `timezone`. Rows
 * without a value and rows that repeat an earlier event start (at the same belief time) are left out and counted.
 *
 * @throws BeliefFileError while iterating, naming line and column; TimeError INVALID_TIMEZONE
 */
export function readBeliefFile(
  path: string,
  options: BeliefFileOptions = {},
  read: RowsReader = readCsvFile,
): BeliefFile {
  const summary: BeliefFileSummary = {
    columns: undefined,
    eventStartColumn: undefined,
    valueColumn: undefined,
    rowsRead: 0,
    rowsKept: 0,
    rowsFiltered: 0,
    rowsWithoutValue: 0,
    rowsDuplicated: 0,
    rowsAmbiguous: 0,
    beliefTimesAmbiguous: 0,
    valuesAmbiguous: 0,
  };
  return beliefFileOf(path, summary, () => readBatches(path, options, summary, read));
}

/** A file of which rows can be had one way or another. */
export function beliefFileOf(
  path: string,
  summary: BeliefFileSummary,
  batches: () => Iterable<BeliefFileBatch> | AsyncIterable<BeliefFileBatch>,
): BeliefFile {
  return {
    summary,
    place: { file: path },
    eventStartPlace: (line) => placeOf(path, summary.columns, summary.eventStartColumn, line),
    valuePlace: (line) => placeOf(path, summary.columns, summary.valueColumn, line),
    async *[Symbol.asyncIterator]() {
      yield* batches();
    },
  };
}

function placeOf(
  file: string,
  names: readonly string[] | undefined,
  column: number | undefined,
  line: number,
): FilePlace {
  if (column === undefined) return { file, line };
  return { file, line, column: column + 1, columnName: names?.[column] };
}

async function* readBatches(
  path: string,
  options: BeliefFileOptions,
  summary: BeliefFileSummary,
  read: RowsReader,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const settled = withDelimiter(path, options);
  const batchSize = options.batchSize ?? DEFAULT_BATCH_ROWS;
  try {
    yield* read(path, settled, batchSize, summary);
  } catch (error) {
    throw fileSystemReason(error, path) ?? error;
  }
}

/** Checks the characters that structure the file. `\t` may be written as on a command line. */
function withDelimiter(path: string, options: BeliefFileOptions): BeliefFileOptions {
  const delimiter = (options.delimiter ?? ',').replace(String.raw`\t`, '\t');
  const decimal = options.decimal ?? '.';
  for (const [name, character] of Object.entries({ delimiter, decimal })) {
    if (!/^[\x00-\x7f]$/.test(character) || /["\r\n]/.test(character)) {
      throw new BeliefFileError({ file: path }, `the ${name} must be one ASCII character, and not a quote`);
    }
  }
  checkThousands(path, options.thousands, decimal);
  return { ...options, delimiter, decimal };
}

/** Numbers would be read wrongly by a separator that also means something else; the delimiter can stand between quotes. */
function checkThousands(file: string, thousands: string | undefined, decimal: string): void {
  if (!thousands) return;
  if (thousands === decimal) {
    throw new BeliefFileError({ file }, 'decimal point and thousands separator must differ');
  }
  if (!/^[^\d\r\n"+-]$/u.test(thousands)) {
    throw new BeliefFileError(
      { file },
      'the thousands separator must be one character, and not a digit, a sign or a quote',
    );
  }
}

/** What a person should know about an error of the file system; undefined for other errors. */
export function fileSystemReason(error: unknown, path: string): BeliefFileError | undefined {
  switch ((error as { code?: unknown }).code) {
    case 'ENOENT':
      return new BeliefFileError({ file: path }, 'there is no such file');
    case 'EISDIR':
      return new BeliefFileError({ file: path }, 'this is a folder, not a file');
    case 'EACCES':
      return new BeliefFileError({ file: path }, 'the file may not be read');
    default:
      return undefined;
  }
}
