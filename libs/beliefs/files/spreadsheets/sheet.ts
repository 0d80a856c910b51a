import type { CellObject, WorkSheet } from '@e965/xlsx';
import { MAX_COLUMNS } from '../cells/fields';
import { BeliefFileError } from '../format/belief-file-error';

/** What Excel's sheets can hold; what is beyond cannot have come from there. */
const MAX_ROWS = 1_048_576;
const MAX_TEXT_LENGTH = 32_767;

const DAY_MS = 86_400_000;
/** Excel's day 0, as far as its days after February 1900 are concerned; some files of old Macs count from 1904. */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);
/** The days that Excel knows end with the year 9999. */
const MAX_DAYS = 2_958_466;
const NOT_AVAILABLE = 0x2a;

type Row = readonly (CellObject | undefined)[];

/** What texts of cells depend on, besides the cells. */
export interface SheetFormat {
  countsFrom1904: boolean;
  /** Decimal point of the texts. */
  decimal: string;
  isDateFormat: (format: string) => boolean;
}

/** The cells of a sheet as they would stand in a CSV file. */
export class Sheet {
  private readonly rows: readonly (Row | undefined)[];
  private readonly epochMs: number;

  /** @throws BeliefFileError when there are rows beyond those of Excel */
  constructor(
    private readonly file: string,
    sheet: WorkSheet,
    private readonly format: SheetFormat,
  ) {
    this.rows = sheet['!data'] ?? [];
    this.epochMs = format.countsFrom1904 ? EPOCH_1904_MS : EPOCH_1900_MS;
    if (this.rows.length > MAX_ROWS) {
      throw new BeliefFileError({ file }, `the sheet has more than ${MAX_ROWS.toLocaleString('en')} rows`);
    }
  }

  /** Number of rows up to the last one that holds something. */
  get length(): number {
    return this.rows.length;
  }

  /** Whether a row holds nothing, in any of its columns. */
  isBlank(row: number): boolean {
    return !this.rows[row]?.some((cell) => cell !== undefined && cell.t !== 'z' && cell.v !== '');
  }

  /**
   * The cells of a row; empty texts where there is nothing.
   *
   * @param lastColumn the last one that is needed, counted from 0
   * @throws BeliefFileError when there are columns beyond those of Excel, or a text is longer than there
   */
  rowTexts(row: number, lastColumn = MAX_COLUMNS): string[] {
    const cells = this.rows[row] ?? [];
    if (cells.length > MAX_COLUMNS) {
      const reason = `the row has more than ${MAX_COLUMNS.toLocaleString('en')} columns`;
      throw new BeliefFileError({ file: this.file, line: row + 1 }, reason);
    }
    // Array.from also visits the cells that the library left out.
    return Array.from(cells.slice(0, lastColumn + 1), (cell, column) => {
      const text = this.text(cell);
      if (text.length <= MAX_TEXT_LENGTH) return text;
      const place = { file: this.file, line: row + 1, column: column + 1 };
      throw new BeliefFileError(
        place,
        `the text has more than ${MAX_TEXT_LENGTH.toLocaleString('en')} characters`,
      );
    });
  }

  private text(cell: CellObject | undefined): string {
    switch (cell?.t) {
      case 'n':
        return this.numberText(cell.v as number, String(cell.z ?? ''));
      case 's':
        return cell.v as string;
      case 'b':
        return cell.v ? 'TRUE' : 'FALSE';
      case 'e':
        return cell.v === NOT_AVAILABLE ? '#N/A' : '#ERROR';
      default:
        return '';
    }
  }

  /** Dates are numbers with a date format. They know no offset from UTC: they are wall-clock times. */
  private numberText(value: number, format: string): string {
    const { decimal, isDateFormat } = this.format;
    if (!(Math.abs(value) < MAX_DAYS) || !isDateFormat(format)) return String(value).replace('.', decimal);
    const ms = wholeMs(value * DAY_MS);
    if (/[yd]/i.test(format)) return new Date(this.epochMs + ms).toISOString().slice(0, -1);
    const clock = new Date(Math.abs(ms) % DAY_MS).toISOString().slice(13, -1);
    return `${ms < 0 ? '-' : ''}${String(Math.floor(Math.abs(ms) / 3_600_000)).padStart(2, '0')}${clock}`;
  }
}

/** Excel counts days and their fractions, so that sums of them miss the full second a little. */
function wholeMs(ms: number): number {
  const fullSecondMs = Math.round(ms / 1000) * 1000;
  return Math.abs(ms - fullSecondMs) < 5 ? fullSecondMs : Math.round(ms);
}
