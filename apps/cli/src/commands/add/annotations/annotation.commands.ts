import type { Command } from 'commander';
import { collect, id, year } from '../../../options/options';
import type { AnnotationOptions } from './annotation.action';
import type { HolidaysOptions } from './holidays.action';

/** `flexmeasures add annotation` and `flexmeasures add holidays` */
export function addAnnotationCommands(add: Command): void {
  add
    .command('annotation')
    .description('Annotate a period for accounts, assets and sensors.')
    .requiredOption('--content <text>', 'text of the annotation')
    .option('--at <moment>', 'start of an annotation of one day: a date, or a datetime with time zone')
    .option('--from <moment>', 'start, instead of --at: a date, or a datetime with time zone')
    .option(
      '--until <moment>',
      'end (exclusive): a date, or a datetime with time zone; default: one day after the start',
    )
    .option('--timezone <zone>', 'time zone of dates; default: the setting FLEXMEASURES_TIMEZONE')
    .option('--account-id <id>', 'account to annotate; may be repeated', collect(id))
    .option('--asset-id <id>', 'asset to annotate; may be repeated', collect(id))
    .option('--sensor-id <id>', 'sensor to annotate; may be repeated', collect(id))
    .option('--user-id <id>', 'user who made the annotation', id)
    .option(
      '--source <source>',
      'source of the annotation: a user name, a user id, or the name of a new source',
    )
    .action(async (options: AnnotationOptions) =>
      (await import('./annotation.action.js')).addAnnotation(options),
    );
  add
    .command('holidays')
    .description('Annotate accounts and assets with public holidays.')
    .requiredOption('--year <year>', 'year of the holidays', year)
    .requiredOption(
      '--country <code>',
      'ISO 3166-1 country or ISO 3166-2 subdivision, for instance NL or DE-BY; may be repeated',
      collect(String),
    )
    .option('--asset-id <id>', 'asset to annotate; may be repeated', collect(id))
    .option('--account-id <id>', 'account to annotate; may be repeated', collect(id))
    .action(async (options: HolidaysOptions) => (await import('./holidays.action.js')).addHolidays(options));
}
