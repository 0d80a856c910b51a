import { Injectable } from '@nestjs/common';
import { BeliefImportService } from '#lib/beliefs';
import type { ColumnReference } from '#lib/beliefs/files';
import { Transactions } from '#lib/database';
import { SourcesService, type Sensor } from '#lib/sensors';
import { parseDurationMs, parseInstant } from '#lib/time';
import type { ApiUser } from '../../http/auth/api-user';
import type { DataUpload } from './data-upload.dto';
import { toReceipt } from './sensor-data-exchange.service';
import type { DataReceipt } from './sensor-data.dto';

/** A spreadsheet is in memory while it is read, at some ten times its size. */
const MAX_SPREADSHEET_BYTES = 32_000_000;

/** Takes files with data of a sensor. */
@Injectable()
export class DataUploadService {
  constructor(
    private readonly imports: BeliefImportService,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
  ) {}

  /** All or nothing. @throws as BeliefImportService.importFile */
  async post(sensor: Sensor, upload: DataUpload, user: ApiUser): Promise<DataReceipt> {
    const { prior, horizon, unit, timezone, skiprows, delimiter, decimal, thousands } = upload;
    const options = {
      ...{ unit, timezone, skiprows, delimiter, decimal, thousands },
      sheetNumber: upload.sheet_number,
      datecol: columnOf(upload.datecol),
      valuecol: columnOf(upload.valuecol),
      beliefcol: columnOf(upload.beliefcol),
      priorMs: prior === undefined ? undefined : parseInstant(prior),
      horizonMs: horizon === undefined ? undefined : parseDurationMs(horizon),
      maxUnpackedBytes: MAX_SPREADSHEET_BYTES,
    };
    // One transaction, so that a bad file leaves no new data source behind either.
    const result = await this.transactions.run(async () => {
      const sourceId = await this.sources.forUser(user);
      return this.imports.importFile(sensor, upload.file.path, { ...options, sourceId });
    });
    const { message, ...receipt } = toReceipt(result);
    return { ...receipt, message: [message, ...result.warnings].join(' ') };
  }
}

/** A column by its name, or by its position counted from 0. */
function columnOf(text: string | undefined): ColumnReference | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
}
