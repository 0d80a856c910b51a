import { Fields } from '../cells/fields';
import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { RowCollector } from '../rows/row-collector';
import { RowReader } from '../rows/row-reader';
import { loadSheet } from './load-sheet';

/**
 * Reads one sheet of a spreadsheet (.xlsx, .xls and .ods) in batches. The whole sheet is loaded into memory, which blocks the
 * process: `BeliefFiles` runs it in a separate process. See `readBeliefFile`.
 */
export async function* readSpreadsheet(
  path: string,
  options: BeliefFileOptions,
  batchSize: number,
  summary: BeliefFileSummary,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const sheet = await loadSheet(path, options);
  const skiprows = options.skiprows ?? 0;
  const skipped = skiprows > 0 && skiprows <= sheet.length ? sheet.rowTexts(skiprows - 1) : undefined;
  const collector = new RowCollector(batchSize, options.keep);
  const rows = new RowReader(path, options, collector, summary, skipped);
  const fields = new Fields();
  for (let row = skiprows; row < sheet.length && !rows.isDone; row++) {
    if (sheet.isBlank(row)) continue;
    fields.setTexts(sheet.rowTexts(row, rows.lastColumn));
    rows.read(fields, row + 1);
    if (collector.ready.length === 0) continue;
    options.onProgress?.((row + 1) / sheet.length);
    yield* collector.ready.splice(0);
  }
  options.onProgress?.(1);
  rows.finish();
  collector.finish();
  yield* collector.ready.splice(0);
}
