import { open, type FileHandle } from 'node:fs/promises';
import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from './belief-file';
import { BeliefFileError } from './belief-file-error';
import { ByteWindow } from './byte-window';
import { readOddCsv } from './csv-odd';
import { CsvScanner } from './csv-scanner';
import { Fields } from './fields';
import { RowCollector } from './row-collector';
import { RowReader } from './row-reader';

/** Reads a CSV file in batches; memory does not grow with the file. See `readBeliefFile`. */
export async function* readCsvFile(
  path: string,
  options: BeliefFileOptions,
  batchSize: number,
  summary: BeliefFileSummary,
): AsyncGenerator<BeliefFileBatch, void, undefined> {
  const handle = await open(path);
  try {
    yield* readCsv(new CsvSource(path, options, batchSize, summary, handle));
  } finally {
    await handle.close();
  }
}
