import { readFileSync, writeFileSync } from 'node:fs';
import { errorMessage } from '#lib/errors';
import { readReportRequest, ReportsService, type Report } from '#lib/reporting';
import { formatInstant } from '#lib/time';
import { withServices } from '../../../app/services';
import { instantOption } from '../../../options/parse-times';
import { invalidOption, type OptionName } from '../../../options/option-error';

export interface ReportOptions {
  reporter: string;
  parameters: string;
  config: string;
  start?: string;
  end?: string;
  outputFile?: string;
  dryRun?: boolean;
}

export function addReport(options: ReportOptions): Promise<void> {
  const { reporter, start, end, outputFile, dryRun } = options;
  const request = readReportRequest(
    reporter,
    readJson('--config', options.config),
    readJson('--parameters', options.parameters),
    {
      ...(start !== undefined && { startMs: instantOption('--start', start) }),
      ...(end !== undefined && { endMs: instantOption('--end', end) }),
    },
  );
  return withServices(async (services) => {
    const reports = services(ReportsService);
    const report = await reports.make(request);
    for (const { sensor, values } of report.columns) {
      const known = values.filter((value) => !Number.isNaN(value)).length;
      console.log(`${sensor.name} (sensor ${sensor.id}): ${known} of ${values.length} values are known.`);
    }
    if (outputFile !== undefined) writeFileSync(outputFile, toCsv(report));
    if (dryRun) console.log('Nothing is stored.');
    else console.log(`${await reports.store(report)} values are stored.`);
  });
}

/** A JSON object, given as text or in a file. @throws DomainError naming the option */
function readJson(option: OptionName, given: string): Record<string, unknown> {
  try {
    const text = given.trim().startsWith('{') ? given : readFileSync(given, 'utf8');
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    throw new Error('a JSON object is expected.');
  } catch (error) {
    throw invalidOption(option, errorMessage(error));
  }
}

function toCsv({ columns }: Report): string {
  const { sensor: first, eventStarts } = columns[0]!;
  const names = columns.map(({ sensor }) => `"${sensor.name.replaceAll('"', '""')}"`);
  const rows = Array.from(eventStarts, (ms, step) => [
    formatInstant(ms, first.timezone),
    ...columns.map(({ values }) => (Number.isNaN(values[step]!) ? '' : String(values[step]!))),
  ]);
  return [['event_start', ...names], ...rows].map((row) => `${row.join(',')}\n`).join('');
}
