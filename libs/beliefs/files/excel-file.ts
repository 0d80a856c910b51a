import type { CellValue, SheetData } from 'read-excel-file/node';
import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from './belief-file';
import { BeliefFileError } from './belief-file-error';
import { Fields } from './fields';
import { RowCollector } from './row-collector';
import { RowReader } from './row-reader';

/**
 * Reads one sheet of an Excel (.xlsx) file in batches. A sheet has at most 1,048,576 rows and its format cannot be
 * read in parts, so the sheet is in memory while it is read. The library is loaded only here. See `readBeliefFile`.
 */
export async function* readExcelFile(
  path: string,
  options: BeliefFileOptions,
  batchSize: number,
  summary: BeliefFileSummary,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const sheet = await loadSheet(path, options.sheetNumber ?? 0);
  const decimal = options.decimal ?? '.';
  const skiprows = options.skiprows ?? 0;
  const skipped = sheet[skiprows - 1]?.map((cell) => cellText(cell, decimal));
  const collector = new RowCollector(batchSize);
  const rows = new RowReader(path, options, collector, summary, skipped);
  const fields = new Fields();
  for (let row = skiprows; row < sheet.length && !rows.isDone; row++) {
    const texts = sheet[row]!.map((cell) => cellText(cell, decimal));
    if (texts.every((text) => text === '')) continue;
    fields.setTexts(texts);
    rows.read(fields, row + 1);
    yield* collector.ready.splice(0);
  }
  collector.finish();
  yield* collector.ready.splice(0);
}

async function loadSheet(path: string, sheetNumber: number): Promise<SheetData> {
  const { readSheet, SheetNotFoundError } = await import('read-excel-file/node');
  try {
    // The library counts sheets from 1.
    return await readSheet(path, sheetNumber + 1);
  } catch (error) {
    if (error instanceof SheetNotFoundError) {
      throw new BeliefFileError({ file: path }, `there is no sheet ${sheetNumber} (the first one is 0)`);
    }
    if (isFileSystemError(error)) throw error;
    throw new BeliefFileError({ file: path }, `this is no readable Excel file (${String(error)})`);
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The cell as it would stand in a CSV file. Excel's dates and times know no offset: they are wall-clock times. */
function cellText(cell: CellValue | null, decimal: string): string {
  if (cell instanceof Date) return wallClock(cell.getTime());
  if (typeof cell === 'number') return String(cell).replace('.', decimal);
  return cell === null ? '' : String(cell);
}

function wallClock(ms: number): string {
  // Excel counts days and their fractions, so that a full hour can come out a millisecond too early.
  const fullSecondMs = Math.round(ms / 1000) * 1000;
  return new Date(Math.abs(ms - fullSecondMs) <= 1 ? fullSecondMs : ms).toISOString().slice(0, -1);
}
