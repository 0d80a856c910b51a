import { Inject, Injectable } from '@nestjs/common';
import {
  BeliefImportService,
  type ImportResult,
  type OpenedFile,
  type PreviewedFile,
  type ReadOptions,
} from '#lib/beliefs';
import {
  BeliefFileError,
  isNamedSpreadsheet,
  type ColumnReference,
  type SpreadsheetLimits,
} from '#lib/beliefs/files';
import { FairSemaphore, QueueFullError, type SemaphoreLimits } from '#lib/concurrency';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { SourcesService, type Sensor } from '#lib/sensors';
import { CLOCK, parseDurationMs, parseInstant, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { tooManyRequests, unprocessable, type ApiError } from '../../http/errors/api-error';
import { describeFileError } from '../../http/uploads/describe-file-error';
import type { ReceivedFile } from '../../http/uploads/upload-form';
import type { DataFilesUpload, DataUpload, ReadingOptions } from './data-upload.dto';
import { toReceipt } from './data-receipt';
import type { DataReceipt } from './sensor-data.dto';

/** Limits of a spreadsheet; a year of quarter-hours needs a tenth of them. */
const SPREADSHEET_LIMITS: SpreadsheetLimits = { unpackedBytes: 32_000_000, heapMb: 256, timeMs: 30_000 };

/** Spreadsheets are read in child processes, one at a time per user. */
const SPREADSHEETS: SemaphoreLimits = {
  capacity: 2,
  capacityPerKey: 1,
  maxWaiting: 100,
  maxWaitingPerKey: 10,
};

/** CSV files are read, and all files are saved, in this process; each takes a database connection. */
const FILES: SemaphoreLimits = { capacity: 4, capacityPerKey: 1, maxWaiting: 500, maxWaitingPerKey: 50 };

/** Maximum number of events; about the number of rows of the largest permitted file. */
const MAX_EVENTS = 5_000_000;

const RETRY_AFTER_S = 10;

/** Imports uploaded files with data of a sensor. */
@Injectable()
export class DataUploadService {
  private readonly reading = new FairSemaphore(SPREADSHEETS);
  private readonly saving = new FairSemaphore(FILES);

  constructor(
    private readonly imports: BeliefImportService,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Imports a file in one transaction.
   * @throws DomainError as BeliefImportService.importFile; ApiError 429 if too many files are waiting
   */
  async post(sensor: Sensor, upload: DataUpload, user: ApiUser): Promise<DataReceipt> {
    const options = optionsOf(upload);
    const { path } = upload.file;
    const key = String(user.id);
    const importFile = async (): Promise<DataReceipt> => {
      const file = await this.imports.open(sensor, path, options);
      return this.saving.run(key, () => this.save(sensor, file, options, user));
    };
    try {
      return await (isNamedSpreadsheet(path) ? this.reading.run(key, importFile) : importFile());
    } catch (error) {
      throw error instanceof QueueFullError ? tooManyFiles() : error;
    }
  }

  /**
   * Reads the first events of a file, without saving anything.
   * @throws as `post`
   */
  async preview(sensor: Sensor, upload: DataUpload, user: ApiUser, count: number): Promise<PreviewedFile> {
    const options = optionsOf(upload);
    const { path } = upload.file;
    const key = String(user.id);
    const turns = isNamedSpreadsheet(path) ? this.reading : this.saving;
    try {
      return await turns.run(key, () => this.imports.preview(sensor, path, options, count));
    } catch (error) {
      throw error instanceof QueueFullError ? tooManyFiles() : error;
    }
  }

  /**
   * Imports several files in one transaction.
   * @throws ApiError 422 naming the file, 429 if too many files are waiting; DomainError as BeliefImportService.importFile
   */
  async postFiles(sensor: Sensor, upload: DataFilesUpload, user: ApiUser): Promise<DataReceipt> {
    const options = { ...optionsOf(upload), ...instantBeliefTime(upload) };
    const files = upload['uploaded-files'];
    const key = String(user.id);
    const importFiles = (): Promise<DataReceipt> =>
      this.saving.run(key, () => this.importAll(sensor, files, options, user));
    const hasSpreadsheet = files.some(({ path }) => isNamedSpreadsheet(path));
    try {
      return await (hasSpreadsheet ? this.reading.run(key, importFiles) : importFiles());
    } catch (error) {
      throw error instanceof QueueFullError ? tooManyFiles() : error;
    }
  }

  private importAll(
    sensor: Sensor,
    files: ReceivedFile[],
    options: ReadOptions,
    user: ApiUser,
  ): Promise<DataReceipt> {
    return this.transactions.run(async () => {
      const sourceId = await this.sources.findOrCreateForUser(user);
      // One moment for all files, so that their order makes no difference.
      const importing = { ...options, sourceId, maxEvents: MAX_EVENTS, nowMs: this.clock.now() };
      const results: ImportResult[] = [];
      for (const [index, { path }] of files.entries()) {
        try {
          results.push(await this.imports.importFile(sensor, path, importing));
        } catch (error) {
          throw ofFile(error, index);
        }
      }
      return toUploadReceipt({
        saved: sum(results, ({ saved }) => saved),
        unchanged: sum(results, ({ unchanged }) => unchanged),
        rowsBad: sum(results, ({ rowsBad }) => rowsBad),
        warnings: results.flatMap(({ warnings }) => warnings),
      });
    });
  }

  private async save(
    sensor: Sensor,
    file: OpenedFile,
    options: ReadOptions,
    user: ApiUser,
  ): Promise<DataReceipt> {
    // One transaction, so that a rejected file does not create a data source either.
    const result = await this.transactions.run(async () => {
      const sourceId = await this.sources.findOrCreateForUser(user);
      return this.imports.save(sensor, file, { ...options, sourceId, maxEvents: MAX_EVENTS });
    });
    return toUploadReceipt(result);
  }
}

function toUploadReceipt(result: ImportResult): DataReceipt {
  const { message, ...receipt } = toReceipt(result);
  const { rowsBad, warnings } = result;
  const skipped = rowsBad > 0 ? [`Bad rows skipped: ${rowsBad}.`] : [];
  return { ...receipt, message: [message, ...warnings, ...skipped].join(' ') };
}

const sum = <T>(items: readonly T[], valueOf: (item: T) => number): number =>
  items.reduce((total, item) => total + valueOf(item), 0);

/** An error in a file, with the number of the file in the path of the field. */
const ofFile = (error: unknown, index: number): unknown =>
  error instanceof BeliefFileError
    ? unprocessable('form', { [`uploaded-files.${index}`]: [describeFileError(error)] })
    : error;

/** The horizon of values that were known as soon as their event was over. @throws DomainError INVALID_OPTION */
function instantBeliefTime({
  'belief-time-measured-instantly': isInstant,
  prior,
  horizon,
}: DataFilesUpload): Pick<ReadOptions, 'horizonMs'> {
  if (isInstant !== true) return {};
  if (prior === undefined && horizon === undefined) return { horizonMs: 0 };
  const message = 'Leave out prior and horizon if belief-time-measured-instantly is true.';
  throw new DomainError('INVALID_OPTION', message, 'belief-time-measured-instantly');
}

function optionsOf(upload: ReadingOptions): ReadOptions {
  const { prior, horizon, unit, timezone, skiprows, nrows, delimiter, decimal, thousands } = upload;
  const naValues = upload.na_values === undefined ? undefined : textsOf(upload.na_values);
  return {
    ...{ unit, timezone, skiprows, nrows, delimiter, decimal, thousands, naValues },
    keepDefaultNa: upload.keep_default_na ?? naValues === undefined,
    dayFirst: upload.day_first,
    dayFirstRemedy: 'write dates as YYYY-MM-DD, or send day_first',
    dateFormat: upload.date_format,
    stamps: upload.stamps,
    timeWeighted: upload.time_weighted,
    partial: upload.partial,
    skipBadRows: upload.skip_bad_rows,
    keep: upload.keep,
    filters: filtersOf(upload),
    sheetNumber: upload.sheet_number,
    datecol: upload.datecol === undefined ? undefined : textsOf(upload.datecol).map((name) => columnOf(name)),
    valuecol: columnOf(upload.valuecol),
    beliefcol: columnOf(upload.beliefcol),
    priorMs: prior === undefined ? undefined : parseInstant(prior),
    horizonMs: horizon === undefined ? undefined : parseDurationMs(horizon),
    spreadsheetLimits: SPREADSHEET_LIMITS,
  };
}

const tooManyFiles = (): ApiError =>
  tooManyRequests(
    `Too many files are waiting to be read. Send this one again in ${RETRY_AFTER_S} seconds.`,
    RETRY_AFTER_S,
  );

/** A column by its name, or by its index; the first column is 0. */
function columnOf(text: string): ColumnReference;
function columnOf(text: string | undefined): ColumnReference | undefined;
function columnOf(text: string | undefined): ColumnReference | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

const textsOf = (texts: string | string[] = []): string[] => (typeof texts === 'string' ? [texts] : texts);

/** @throws DomainError INVALID_OPTION unless there are as many values as columns */
function filtersOf(upload: ReadingOptions): { column: ColumnReference; value: string }[] {
  const [columns, values] = [textsOf(upload.filter_column), textsOf(upload.filter_value)];
  if (columns.length !== values.length) {
    const message = 'Send as many filter_value fields as filter_column fields.';
    throw new DomainError('INVALID_OPTION', message, 'filter_value');
  }
  return columns.map((column, index) => ({ column: columnOf(column), value: values[index]! }));
}
