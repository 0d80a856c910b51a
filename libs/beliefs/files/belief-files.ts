import { join, sep } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { BeliefFile, BeliefFileOptions } from './format/belief-file';
import { createBeliefFile, toFileSystemError, readBeliefFile } from './read-belief-file';
import { readInProcess } from './spreadsheets/read-in-process';
import { checkSignature, isNamedSpreadsheet } from './spreadsheets/signature';

const IS_COMPILED = __dirname.includes(`${sep}dist${sep}`);

/** The compiled module of the reader process. Tests run uncompiled code and use the one in dist. */
const COMPILED_ENTRY = join(
  IS_COMPILED ? __dirname : join(__dirname, '../../../dist/libs/beliefs/files'),
  'spreadsheet-process.js',
);

/** Opens files of beliefs without blocking this process. */
export class BeliefFiles implements OnApplicationShutdown {
  private readonly stop = new AbortController();

  /** @param entry compiled module for processes that read spreadsheets */
  constructor(private readonly entry = COMPILED_ENTRY) {}

  /**
   * Opens a file. A spreadsheet is read completely, in a separate process and within `spreadsheetLimits`. A CSV file is read
   * in batches during the iteration.
   *
   * @throws BeliefFileError here for spreadsheets, during the iteration for CSV; see `readBeliefFile`
   */
  async open(path: string, options: BeliefFileOptions = {}): Promise<BeliefFile> {
    if (!isNamedSpreadsheet(path)) return readBeliefFile(path, options);
    try {
      await checkSignature(path);
      const { batches, summary } = await readInProcess(this.entry, path, options, this.stop.signal);
      return createBeliefFile(path, summary, () => batches);
    } catch (error) {
      throw toFileSystemError(error, path) ?? error;
    }
  }

  /** Ends all reader processes; the files that they read fail. */
  onApplicationShutdown(): void {
    this.stop.abort();
  }
}
