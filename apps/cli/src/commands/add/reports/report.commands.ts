import { Command } from 'commander';
import type { ReportOptions } from './report.action';

/** `flexmeasures add report` */
export function reportCommand(): Command {
  return new Command('report')
    .description('Compute sensors from other sensors with a reporter, and store the result.')
    .requiredOption('--reporter <name>', 'name of the reporter, see `flexmeasures show reporters`')
    .requiredOption(
      '--parameters <json or file>',
      'inputs and outputs, as JSON or the path of a JSON file: {"input": [{"sensor": 1}], "output": [{"sensor": 2}]}',
    )
    .option('--config <json or file>', 'how the reporter works, as JSON or the path of a JSON file', '{}')
    .option('--start <datetime>', 'start of the report, with time zone; default: "start" of the parameters')
    .option('--end <datetime>', 'end of the report, with time zone; default: "end" of the parameters')
    .option('--output-file <file>', 'CSV file to which the report is written, too')
    .option('--dry-run', 'do not store the report')
    .action(async (options: ReportOptions) => (await import('./report.action.js')).addReport(options));
}
