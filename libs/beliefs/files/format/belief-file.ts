import { quoted } from '#lib/errors';
import type { FilePlace } from './belief-file-error';

/** Kind of the values. Datetimes are converted to epoch seconds, timedeltas to seconds. */
export type ValueKind = 'number' | 'datetime' | 'timedelta';

/** Which of several values about one event is kept. */
export type KeepRule = 'first' | 'last' | 'mean' | 'sum';

/** A column: its name in the header or its position, from 0. */
export type ColumnReference = number | string;

/** Limits for reading a spreadsheet. */
export interface SpreadsheetLimits {
  /** Maximum size of the file, and of the unpacked parts that are read, in bytes. */
  unpackedBytes: number;
  /** Maximum heap of the reader process, MB. */
  heapMb: number;
  timeMs: number;
}

/** Options for reading a file of beliefs. The defaults suit a plain CSV file with dates and values. */
export interface BeliefFileOptions {
  /** One ASCII character between columns; `,` by default. Not used for Excel. */
  delimiter?: string;
  /** One ASCII character; `.` by default. */
  decimal?: string;
  /** Separator between groups of three digits; none by default. */
  thousands?: string;
  /**
   * Number of lines to skip at the start, including headers. The last of them has the names of the columns. By default, only a
   * header is skipped: a first line without a date in the column of event starts.
   */
  skiprows?: number;
  /** Maximum number of rows to read after the skipped lines. */
  nrows?: number;
  /** Texts (or numbers) for missing values. */
  naValues?: readonly string[];
  /** Whether the usual texts (empty, NA, NaN, null, ...) are also missing values; true by default. */
  keepDefaultNa?: boolean;
  /**
   * Column of event starts; 0 by default. Several columns are joined: date and time, or year, month, day and optionally hour,
   * minute and second.
   */
  datecol?: ColumnReference | readonly ColumnReference[];
  /** Column of values; 1 by default. */
  valuecol?: ColumnReference;
  /** Column of belief times; none by default. */
  beliefcol?: ColumnReference;
  /** IANA zone of datetimes without an offset. Without this option, such datetimes are errors. */
  timezone?: string;
  /** Only rows with all of these values in their columns are read. */
  filters?: readonly { column: ColumnReference; value: string }[];
  /** Limits for reading a spreadsheet from untrusted users; by default high limits. */
  spreadsheetLimits?: SpreadsheetLimits;
  /** Sheet of a spreadsheet, from 0; 0 by default. */
  sheetNumber?: number;
  valueKind?: ValueKind;
  /**
   * Whether rows without a value are returned as well, with NaN. They are needed to determine the distance of events in a
   * series. By default they are omitted.
   */
  keepRowsWithoutValue?: boolean;
  /** Whether 01/02/2024 is the first of February. By default, a day above 12 in the file must show it first. */
  dayFirst?: boolean;
  /** Advice at the end of the message about dates with an ambiguous order of day and month. */
  dayFirstRemedy?: string;
  /**
   * What becomes of rows that repeat an event start (and belief time) with another value. By default they are an error;
   * repetitions with an equal value are omitted and counted.
   */
  keep?: KeepRule;
  /** The only format of datetimes, with the codes of strftime: `%d.%m.%Y %H:%M`. By default, usual formats are recognised. */
  dateFormat?: string;
  /**
   * Whether rows that cannot be read are skipped and counted. By default they are an error, which tells the first ones. Text
   * after the last row is no error.
   */
  skipBadRows?: boolean;
  /** Number of rows per batch; 8,192 by default. */
  batchSize?: number;
  /** Called with the share of the file that has been read, up to 1. Not called for pipes, whose size is unknown. */
  onProgress?: (share: number) => void;
}

/** Rows of a file, in the order of the file. Index i of all columns is the same row. */
export interface BeliefFileBatch {
  /** Epoch ms. */
  eventStarts: Float64Array;
  /** In the unit of the file; seconds for datetimes and timedeltas. NaN only for rows without a value. */
  values: Float64Array;
  /** Epoch ms; NaN if the file has no belief time. */
  beliefTimes: Float64Array;
  /** Lines of the file, from 1. */
  lines: Int32Array;
}

/** Summary of the rows so far; complete after the last batch. */
export interface BeliefFileSummary {
  /** Names of the columns, if the file has a header. */
  columns: readonly string[] | undefined;
  /** Column of event starts, from 0. */
  eventStartColumn: number | undefined;
  /** Column of values, from 0. */
  valueColumn: number | undefined;
  /** Number of rows, without header and skipped lines: the sum of the counts below. */
  rowsRead: number;
  rowsKept: number;
  /** Rows that do not match the filters. */
  rowsFiltered: number;
  /** Rows that were omitted because they have no value. */
  rowsWithoutValue: number;
  /** Rows that cannot be read and were skipped with `skipBadRows`. */
  rowsBad: number;
  /** Place and reason of the first of them. */
  firstBadRow: string | undefined;
  /** Rows that repeat the header or start with `#`, and text after the last row. */
  rowsOfText: number;
  /** Lines above the header, which was found by the names of the columns. They are not in `rowsRead`. */
  linesAboveHeader: number;
  /** How the first date with a year of two digits was read, if there was one. */
  shortYear: { text: string; date: string } | undefined;
  /** Rows that were omitted, or joined with the option `keep`: they repeat the event start (and belief time) of an earlier row. */
  rowsDuplicated: number;
  /** Which of them count; undefined if they must be equal. */
  keep: KeepRule | undefined;
  /** Event starts in a repeated hour, which were resolved with the order of the rows. */
  rowsAmbiguous: number;
  /** The same for belief times. */
  beliefTimesAmbiguous: number;
  /** Values that are datetimes in a repeated hour, for which the first hour was used. */
  valuesAmbiguous: number;
}

/** An open file. Iterate it once to get its batches. */
export interface BeliefFile extends AsyncIterable<BeliefFileBatch> {
  readonly summary: Readonly<BeliefFileSummary>;
  /** The file without a line, for errors about the whole file. */
  readonly place: FilePlace;
  /** Place of the event start of a line, for errors. */
  eventStartPlace(line: number): FilePlace;
  /** Place of the value of a line, for errors. */
  valuePlace(line: number): FilePlace;
}

/** Warnings about rows that were omitted or interpreted, as sentences. */
export function beliefFileWarnings(summary: BeliefFileSummary): string[] {
  const warnings: string[] = [];
  if (summary.rowsWithoutValue > 0)
    warnings.push(`${rows(summary.rowsWithoutValue)} without a value left out.`);
  if (summary.rowsBad > 0) {
    warnings.push(
      `${rows(summary.rowsBad)} that cannot be read skipped. The first is ${summary.firstBadRow}.`,
    );
  }
  if (summary.rowsOfText > 0) {
    warnings.push(
      `${rows(summary.rowsOfText)} with text only (header, comment or text after the table) left out.`,
    );
  }
  if (summary.linesAboveHeader > 0) {
    warnings.push(`${rows(summary.linesAboveHeader)} above the column names left out.`);
  }
  if (summary.shortYear) {
    const { text, date } = summary.shortYear;
    warnings.push(`Years of two digits: ${quoted(text)} was read as ${date}.`);
  }
  if (summary.rowsDuplicated > 0) {
    warnings.push(
      `${rows(summary.rowsDuplicated)} repeating an earlier event start ${DONE_WITH_REPEATS[summary.keep ?? 'first']}.`,
    );
  }
  if (summary.rowsAmbiguous > 0) {
    warnings.push(
      `${rows(summary.rowsAmbiguous)} in an hour that occurs twice (end of daylight saving time): ` +
        'the first series was taken as the first hour.',
    );
  }
  if (summary.beliefTimesAmbiguous > 0) {
    warnings.push(
      `${rows(summary.beliefTimesAmbiguous)} with a belief time in an hour that occurs twice (end of daylight saving ` +
        'time): the first series was taken as the first hour.',
    );
  }
  if (summary.valuesAmbiguous > 0) {
    warnings.push(
      `${rows(summary.valuesAmbiguous)} with a value in an hour that occurs twice (end of daylight saving time): ` +
        'the first of the two was taken.',
    );
  }
  return warnings;
}

const DONE_WITH_REPEATS: Record<KeepRule, string> = {
  first: 'left out',
  last: 'used in its place',
  mean: 'averaged with it',
  sum: 'added to it',
};

function rows(count: number): string {
  return `${count} row${count === 1 ? '' : 's'}`;
}
