import { readCsvFile } from './csv/csv-file';
import type { BeliefFile, BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from './format/belief-file';
import { BeliefFileError, type FilePlace } from './format/belief-file-error';

/** Small enough that processing a batch takes only some milliseconds. */
const DEFAULT_BATCH_ROWS = 8192;

/** A function that reads the rows of one kind of file in batches and counts them in the summary. */
export type RowsReader = typeof readCsvFile;

/**
 * Reads beliefs about one sensor from a file (by default CSV) in batches, in the order of the file. Event starts and belief
 * times are returned as instants; datetimes without an offset are local times of the option `timezone`. Rows without a value
 * and rows that repeat an earlier event start (with the same belief time) are omitted and counted.
 *
 * @throws BeliefFileError during the iteration, with line and column; TimeError INVALID_TIMEZONE
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
    rowsBad: 0,
    firstBadRow: undefined,
    rowsOfText: 0,
    linesAboveHeader: 0,
    shortYear: undefined,
    rowsDuplicated: 0,
    keep: options.keep,
    rowsAmbiguous: 0,
    beliefTimesAmbiguous: 0,
    valuesAmbiguous: 0,
  };
  return createBeliefFile(path, summary, () => readBatches(path, options, summary, read));
}

/** Creates a file from its batches. */
export function createBeliefFile(
  path: string,
  summary: BeliefFileSummary,
  batches: () => Iterable<BeliefFileBatch> | AsyncIterable<BeliefFileBatch>,
): BeliefFile {
  return {
    summary,
    place: { file: path },
    eventStartPlace: (line) => toFilePlace(path, summary.columns, summary.eventStartColumn, line),
    valuePlace: (line) => toFilePlace(path, summary.columns, summary.valueColumn, line),
    async *[Symbol.asyncIterator]() {
      yield* batches();
    },
  };
}

function toFilePlace(
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
  const validated = validateOptions(path, options);
  const batchSize = options.batchSize ?? DEFAULT_BATCH_ROWS;
  try {
    yield* read(path, validated, batchSize, summary);
  } catch (error) {
    throw toFileSystemError(error, path) ?? error;
  }
}

/** Validates delimiter, decimal point and thousands separator. The text `\t` is converted to a tab. */
function validateOptions(path: string, options: BeliefFileOptions): BeliefFileOptions {
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

/** Rejects separators that are ambiguous in numbers. The delimiter is allowed, as numbers can be quoted. */
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

/** Converts an error of the file system to a BeliefFileError; undefined for other errors. */
export function toFileSystemError(error: unknown, path: string): BeliefFileError | undefined {
  switch ((error as { code?: unknown }).code) {
    case 'ENOENT':
      return new BeliefFileError({ file: path }, 'there is no such file');
    case 'EISDIR':
      return new BeliefFileError({ file: path }, 'this is a folder, not a file');
    case 'EACCES':
      return new BeliefFileError({ file: path }, 'there is no permission to read the file');
    default:
      return undefined;
  }
}
