import type { FilePlace } from './belief-file-error';

/** What kind of thing the value column holds: datetimes become epoch seconds, timedeltas a number of seconds. */
export type ValueKind = 'number' | 'datetime' | 'timedelta';

/** A column by its name in the header, or by its position counted from 0. */
export type ColumnReference = number | string;

/** What reading a spreadsheet may take. */
export interface SpreadsheetLimits {
  /** Bytes of the file, and of its parts that are read, unpacked. */
  unpackedBytes: number;
  /** Memory for what is made of them, MB. */
  heapMb: number;
  timeMs: number;
}

/** How to read a file of beliefs; every option has a default that suits a plain CSV file with dates and values. */
export interface BeliefFileOptions {
  /** One ASCII character between columns; `,` by default. Not used for Excel. */
  delimiter?: string;
  /** One ASCII character; `.` by default. */
  decimal?: string;
  /** What stands between groups of three digits; nothing by default. */
  thousands?: string;
  /**
   * Lines to skip at the top, headers included. The last of them gives the names of the columns. Left out, nothing
   * is skipped but a header, and that is recognised by holding nothing like a date where the event start should be.
   */
  skiprows?: number;
  /** Most rows to read after the skipped ones. */
  nrows?: number;
  /** Texts (or numbers) that mean "no value". */
  naValues?: readonly string[];
  /** Whether the usual texts (empty, NA, NaN, null, ...) also mean "no value"; true by default. */
  keepDefaultNa?: boolean;
  /** Column of event starts; 0 by default. */
  datecol?: ColumnReference;
  /** Column of values; 1 by default. */
  valuecol?: ColumnReference;
  /** Column of recording times (belief times); none by default. */
  beliefcol?: ColumnReference;
  /** IANA zone of datetimes that name no offset. Without it such datetimes are an error. */
  timezone?: string;
  /** Only rows that hold each of these values in its column are read. */
  filters?: readonly { column: ColumnReference; value: string }[];
  /** What reading a spreadsheet may take. For files of strangers; generous by default. */
  spreadsheetLimits?: SpreadsheetLimits;
  /** Sheet of an Excel file, counted from 0, the default. */
  sheetNumber?: number;
  valueKind?: ValueKind;
  /**
   * Whether rows without a value are given as well, with NaN: they hold their place in a series, which shows how far
   * apart its events are. By default they are left out.
   */
  holdPlaces?: boolean;
  /** Whether 01/02/2024 is the first of February. Left out, the file must show it (by a day above 12) in time. */
  dayFirst?: boolean;
  /** What a person can do about dates that could have their day or their month first; ends the message about them. */
  dayFirstRemedy?: string;
  /** Rows in a batch; 8,192 by default. */
  batchSize?: number;
  /** Hears now and then which share of the file has been read, up to 1. A pipe has no size, and says nothing. */
  onProgress?: (share: number) => void;
}

/** Rows of a file, in its order; position i of every column belongs to the same row. */
export interface BeliefFileBatch {
  /** Epoch ms. */
  eventStarts: Float64Array;
  /** In the file's unit; seconds for datetimes and timedeltas. NaN only where it holds a place. */
  values: Float64Array;
  /** Epoch ms, NaN where the file does not say. */
  beliefTimes: Float64Array;
  /** Line of the file, counted from 1. */
  lines: Int32Array;
}

/** What has been read so far; complete when the batches have been used up. */
export interface BeliefFileSummary {
  /** Names of the columns, when the file has a header. */
  columns: readonly string[] | undefined;
  /** Column of event starts, counted from 0. */
  eventStartColumn: number | undefined;
  /** Column of values, counted from 0. */
  valueColumn: number | undefined;
  /** Rows seen, without header and skipped lines; the sum of the counts below. */
  rowsRead: number;
  rowsKept: number;
  /** Rows left out by the filters. */
  rowsFiltered: number;
  /** Rows left out for having no value. */
  rowsWithoutValue: number;
  /** Rows left out for repeating an event start (and belief time) of an earlier row. */
  rowsDuplicated: number;
  /** Event starts in an hour that the local clock shows twice, placed by their order in the file. */
  rowsAmbiguous: number;
  /** The same of recording times. */
  beliefTimesAmbiguous: number;
  /** Values that are datetimes in such an hour, of which the first was taken. */
  valuesAmbiguous: number;
}

/** A file being read: iterate once for its batches. */
export interface BeliefFile extends AsyncIterable<BeliefFileBatch> {
  readonly summary: Readonly<BeliefFileSummary>;
  /** The file as a whole. */
  readonly place: FilePlace;
  /** Where the event start of a line stands, for errors about it. */
  eventStartPlace(line: number): FilePlace;
  /** Where the value of a line stands. */
  valuePlace(line: number): FilePlace;
}

/** What a person should know about rows that were left out or interpreted; one sentence each. */
export function beliefFileWarnings(summary: BeliefFileSummary): string[] {
  const warnings: string[] = [];
  if (summary.rowsWithoutValue > 0)
    warnings.push(`${rows(summary.rowsWithoutValue)} without a value left out.`);
  if (summary.rowsDuplicated > 0) {
    warnings.push(`${rows(summary.rowsDuplicated)} repeating an earlier event start left out.`);
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

function rows(count: number): string {
  return `${count} row${count === 1 ? '' : 's'}`;
}
