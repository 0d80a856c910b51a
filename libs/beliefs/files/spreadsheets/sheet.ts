import type { CellObject, WorkSheet } from '@e965/xlsx';
import { MAX_COLUMNS } from '../cells/fields';
import { BeliefFileError } from '../format/belief-file-error';

/** The limits of Excel. */
const MAX_ROWS = 1_048_576;
const MAX_TEXT_LENGTH = 32_767;

const DAY_MS = 86_400_000;
/** Day 0 of Excel, for days after February 1900. Some files of old Macs count from 1904. */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);
/** Excel supports days up to the year 9999. */
const MAX_DAYS = 2_958_466;
const NOT_AVAILABLE = 0x2a;

type Row = readonly (CellObject | undefined)[];

/** Format options for the texts of cells. */
export interface SheetFormat {
  countsFrom1904: boolean;
  /** Decimal point of the texts. */
  decimal: string;
  isDateFormat: (format: string) => boolean;
}

/** The cells of a sheet as texts, like in a CSV file. */
export class Sheet {
  private readonly rows: readonly (Row | undefined)[];
  private readonly epochMs: number;

  /** @throws BeliefFileError if the sheet has more rows than Excel allows */
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

  /** Number of rows up to the last one with content. */
  get length(): number {
    return this.rows.length;
  }

  /** Whether all cells of a row are empty. */
  isBlank(row: number): boolean {
    return !this.rows[row]?.some((cell) => cell !== undefined && cell.t !== 'z' && cell.v !== '');
  }

  /**
   * The texts of the cells of a row; empty texts for empty cells.
   *
   * @param lastColumn the last needed column, from 0
   * @throws BeliefFileError if the row has more columns or a text is longer than Excel allows
   */
  rowTexts(row: number, lastColumn = MAX_COLUMNS): string[] {
    const cells = this.rows[row] ?? [];
    if (cells.length > MAX_COLUMNS) {
      const reason = `the row has more than ${MAX_COLUMNS.toLocaleString('en')} columns`;
      throw new BeliefFileError({ file: this.file, line: row + 1 }, reason);
    }
    // Array.from also visits empty cells.
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

  /** Dates are numbers with a date format. They are local times without an offset. */
  private numberText(value: number, format: string): string {
    const { decimal, isDateFormat } = this.format;
    if (!(Math.abs(value) < MAX_DAYS) || !isDateFormat(format)) return String(value).replace('.', decimal);
    const ms = wholeMs(value * DAY_MS);
    if (/[yd]/i.test(format)) return new Date(this.epochMs + ms).toISOString().slice(0, -1);
    const clock = new Date(Math.abs(ms) % DAY_MS).toISOString().slice(13, -1);
    return `${ms < 0 ? '-' : ''}${String(Math.floor(Math.abs(ms) / 3_600_000)).padStart(2, '0')}${clock}`;
  }
}

/** Rounds to full seconds if the difference is small: Excel stores fractions of days, which have rounding errors. */
function wholeMs(ms: number): number {
  const fullSecondMs = Math.round(ms / 1000) * 1000;
  return Math.abs(ms - fullSecondMs) < 5 ? fullSecondMs : Math.round(ms);
}
