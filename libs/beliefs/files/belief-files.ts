import { join, sep } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { BeliefFile, BeliefFileOptions } from './format/belief-file';
import { beliefFileOf, fileSystemReason, readBeliefFile } from './read-belief-file';
import { readApart } from './spreadsheets/read-apart';
import { checkSignature, isNamedSpreadsheet } from './spreadsheets/signature';

const IS_COMPILED = __dirname.includes(`${sep}dist${sep}`);

/** Beside this module once that is compiled; tests run it as it is written. */
const COMPILED_ENTRY = join(
  IS_COMPILED ? __dirname : join(__dirname, '../../../dist/libs/beliefs/files'),
  'spreadsheet-process.js',
);

/** Opens files of beliefs without holding up this process. */
export class BeliefFiles implements OnApplicationShutdown {
  private readonly stop = new AbortController();

  /** @param entry compiled module for processes that read spreadsheets */
  constructor(private readonly entry = COMPILED_ENTRY) {}

  /**
   * Opens a file: a spreadsheet is read whole, in a process of its own and within `spreadsheetLimits`; a CSV file is
   * read bit by bit while it is iterated.
   *
   * @throws BeliefFileError here for spreadsheets, while iterating for CSV; see `readBeliefFile`
   */
  async open(path: string, options: BeliefFileOptions = {}): Promise<BeliefFile> {
    if (!isNamedSpreadsheet(path)) return readBeliefFile(path, options);
    try {
      await checkSignature(path);
      const { batches, summary } = await readApart(this.entry, path, options, this.stop.signal);
      return beliefFileOf(path, summary, () => batches);
    } catch (error) {
      throw fileSystemReason(error, path) ?? error;
    }
  }

  /** Ends all processes; what they were reading fails. */
  onApplicationShutdown(): void {
    this.stop.abort();
  }
}
