import { existsSync } from 'node:fs';
import { BeliefImportService, type ImportOptions, type ImportResult } from '#lib/beliefs';
import { LONGEST_HORIZON_MS, type PartialRule } from '#lib/beliefs/model';
import type { KeepRule } from '#lib/beliefs/files';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { SensorsService, SourcesService } from '#lib/sensors';
import { parseDurationMs } from '#lib/time';
import { withServices } from '../../app/services';
import { instantOption } from '../../options/parse-times';
import { interruptible } from '../../terminal/interruptible';
import { progressBar } from '../../terminal/progress-bar';
import { invalidOption } from '../../options/option-error';

export interface AddBeliefsOptions {
  file?: string;
  sensorId: number;
  source: string;
  unit?: string;
  horizon?: string;
  prior?: string;
  cp?: number;
  resample: boolean;
  allowOverwrite?: boolean;
  skiprows?: number;
  nrows?: number;
  naValues?: string[];
  keepDefaultNa?: boolean;
  datecol?: string[];
  dateFormat?: string;
  stamps?: 'start' | 'end';
  timeWeighted?: boolean;
  partial?: PartialRule;
  skipBadRows?: boolean;
  keep?: KeepRule;
  valuecol: string;
  beliefcol?: string;
  timezone?: string;
  dayFirst?: boolean;
  filterColumn?: string[];
  filterValue?: string[];
  delimiter: string;
  decimal: string;
  thousands?: string;
  sheetNumber?: number;
  /** Spelling of the Python version. */
  sheet_number?: number;
}

/** Imports a file of beliefs in one transaction. An interruption rolls it back. */
export async function addBeliefs(argument: string | undefined, options: AddBeliefsOptions): Promise<void> {
  const path = fileOf(argument, options.file);
  const reading = importOptions(options);
  const bar = await progressBar(path);
  const stopBar = (): void => bar?.stop();
  const result = await interruptible('Interrupted: nothing was saved.', stopBar, (startCommit) =>
    withServices((services) =>
      // One transaction, so that a rejected file does not create a data source either.
      services(Transactions).run(async () => {
        const sensor = await services(SensorsService).get(options.sensorId, '--sensor-id');
        const sourceId = await services(SourcesService).findOrCreateByLabel(options.source);
        const imported = await services(BeliefImportService)
          .importFile(sensor, path, { ...reading, sourceId, onProgress: bar?.update })
          .catch(addOverwriteHint);
        startCommit();
        return imported;
      }),
    ).finally(stopBar),
  );
  report(result);
}

function fileOf(argument: string | undefined, option: string | undefined): string {
  const path = argument ?? option;
  if (path === undefined)
    throw new DomainError('INVALID_OPTION', 'file: missing. Give the path of the file to load.', '<file>');
  if (argument !== undefined && option !== undefined) {
    const message = `file: given twice, as ${argument} and as --file ${option}. Give one path.`;
    throw new DomainError('INVALID_OPTION', message, '--file');
  }
  if (existsSync(path)) return path;
  const field = argument === undefined ? '--file' : '<file>';
  throw new DomainError('INVALID_OPTION', `The file ${path} does not exist.`, field);
}

/** Adds the option that permits replacements to the message of INVALID_REPLACEMENT. */
function addOverwriteHint(error: unknown): never {
  if (!(error instanceof DomainError) || error.code !== 'INVALID_REPLACEMENT') throw error;
  throw new DomainError(error.code, `${error.message} That is the option --allow-overwrite.`, error.field);
}

function report({ saved, unchanged, rowsBad, warnings }: ImportResult): void {
  for (const warning of warnings) console.error(`Warning: ${warning}`);
  const skipped = rowsBad > 0 ? [`${rowsBad} bad row${rowsBad === 1 ? '' : 's'} skipped`] : [];
  const ending = skipped.map((text) => ` (${text})`).join('');
  if (saved + unchanged === 0) console.log(`Nothing new: the file has no rows to load.${ending}`);
  else if (saved === 0) console.log(`Nothing new: all ${unchanged} beliefs exist already.${ending}`);
  else {
    const counts = [...(unchanged === 0 ? [] : [`${saved} new, ${unchanged} exist already`]), ...skipped];
    console.log(`Successfully created beliefs${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`);
  }
}

function importOptions(options: AddBeliefsOptions): Omit<ImportOptions, 'sourceId'> {
  checkProbability(options.cp);
  return {
    ...options,
    datecol: options.datecol?.map(column),
    valuecol: column(options.valuecol),
    beliefcol: options.beliefcol === undefined ? undefined : column(options.beliefcol),
    dayFirstRemedy: 'write dates as YYYY-MM-DD, or give --day-first or --month-first',
    keepDefaultNa: options.keepDefaultNa ?? options.naValues === undefined,
    filters: filters(options),
    sheetNumber: options.sheetNumber ?? options.sheet_number,
    horizonMs: options.horizon === undefined ? undefined : horizonMs(options.horizon),
    priorMs: options.prior === undefined ? undefined : instantOption('--prior', options.prior),
    cumulativeProbability: options.cp,
  };
}

const column = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

function filters({ filterColumn = [], filterValue = [] }: AddBeliefsOptions) {
  if (filterColumn.length !== filterValue.length) {
    throw new DomainError(
      'INVALID_OPTION',
      'Give one --filter-value for each --filter-column.',
      '--filter-value',
    );
  }
  return filterColumn.map((name, index) => ({ column: column(name), value: filterValue[index]! }));
}

function checkProbability(cp: number | undefined): void {
  if (cp === undefined || (cp >= 0 && cp <= 1)) return;
  throw invalidOption('--cp', 'must be between 0 and 1.');
}

function horizonMs(text: string): number {
  const ms = lengthMs(text);
  if (ms === undefined) throw invalidHorizon(`'${text}' is neither minutes nor an ISO 8601 duration.`);
  if (Math.abs(ms) > LONGEST_HORIZON_MS) throw invalidHorizon('must not exceed 100 years.');
  return ms;
}

function lengthMs(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 60_000;
  try {
    return parseDurationMs(text);
  } catch {
    return undefined;
  }
}

const invalidHorizon = (reason: string): DomainError => invalidOption('--horizon', reason);
