import { readFile } from 'node:fs/promises';
import type { CellObject, WorkSheet } from '@e965/xlsx';
import { Fields } from '../cells/fields';
import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { RowCollector } from '../rows/row-collector';
import { RowReader } from '../rows/row-reader';
import { unpacksToAtMost } from './zip-size';

const DAY_MS = 86_400_000;
/** Excel's day 0, as far as its days after February 1900 are concerned; some files of old Macs count from 1904. */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);
const NOT_AVAILABLE = 0x2a;

/** The part of the library's formatting code that we use; its declarations leave it open. */
interface FormatJudge {
  is_date(format: string): boolean;
}

/**
 * Reads one sheet of a spreadsheet (.xlsx, .xls and the like) in batches. A sheet has at most 1,048,576 rows; it is in
 * memory while it is read, since parts of a sheet refer to others. The library is loaded only here. See
 * `readBeliefFile`.
 */
export async function* readExcelFile(
  path: string,
  options: BeliefFileOptions,
  batchSize: number,
  summary: BeliefFileSummary,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const sheet = await loadSheet(path, options);
  const skiprows = options.skiprows ?? 0;
  const skipped = skiprows > 0 && skiprows <= sheet.length ? sheet.rowTexts(skiprows - 1) : undefined;
  const collector = new RowCollector(batchSize);
  const rows = new RowReader(path, options, collector, summary, skipped);
  const fields = new Fields();
  for (let row = skiprows; row < sheet.length && !rows.isDone; row++) {
    const texts = sheet.rowTexts(row);
    if (texts.every((text) => text === '')) continue;
    fields.setTexts(texts);
    rows.read(fields, row + 1);
    if (collector.ready.length === 0) continue;
    options.onProgress?.((row + 1) / sheet.length);
    yield* collector.ready.splice(0);
  }
  options.onProgress?.(1);
  rows.assertAny();
  collector.finish();
  yield* collector.ready.splice(0);
}

async function loadSheet(
  path: string,
  { sheetNumber = 0, decimal = '.', maxUnpackedBytes = Infinity }: BeliefFileOptions,
): Promise<Sheet> {
  const [bytes, xlsx] = await Promise.all([readFile(path), import('@e965/xlsx')]);
  let book;
  try {
    if (isLargerThan(maxUnpackedBytes, bytes)) {
      throw new BeliefFileError({ file: path }, 'the spreadsheet is too large; send it as CSV');
    }
    book = xlsx.read(bytes, {
      sheets: sheetNumber,
      dense: true,
      cellText: false,
      cellHTML: false,
      cellNF: true,
    });
  } catch (error) {
    if (error instanceof BeliefFileError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new BeliefFileError({ file: path }, `the spreadsheet cannot be read (${why})`);
  }
  const sheet = book.Sheets[book.SheetNames[sheetNumber] ?? ''];
  if (!sheet)
    throw new BeliefFileError({ file: path }, `there is no sheet ${sheetNumber} (the first one is 0)`);
  const epochMs = book.Workbook?.WBProps?.date1904 ? EPOCH_1904_MS : EPOCH_1900_MS;
  return new Sheet(sheet['!data'] ?? [], epochMs, decimal, (format) =>
    (xlsx.SSF as FormatJudge).is_date(format),
  );
}

/** Whether a spreadsheet takes more bytes unpacked; old ones are not packed. */
function isLargerThan(maxBytes: number, bytes: Buffer): boolean {
  if (bytes.length > maxBytes) return true;
  const isPacked = bytes.length > 1 && bytes[0] === 0x50 && bytes[1] === 0x4b;
  return maxBytes !== Infinity && isPacked && !unpacksToAtMost(bytes, maxBytes);
}

/** The cells of a sheet as they would stand in a CSV file. */
class Sheet {
  constructor(
    private readonly data: NonNullable<WorkSheet['!data']>,
    private readonly epochMs: number,
    private readonly decimal: string,
    private readonly isDateFormat: (format: string) => boolean,
  ) {}

  get length(): number {
    return this.data.length;
  }

  /** All cells of a row; empty texts where there is nothing. */
  rowTexts(row: number): string[] {
    // Array.from also visits the cells that the library left out.
    return Array.from((this.data[row] as (CellObject | undefined)[] | undefined) ?? [], (cell) =>
      this.text(cell),
    );
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
    if (!this.isDateFormat(format)) return String(value).replace('.', this.decimal);
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
