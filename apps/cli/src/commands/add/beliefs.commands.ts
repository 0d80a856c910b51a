import { type Command, Option } from 'commander';
import { collect, count, number, partialOption, sensorIdOption, boolean } from '../../options/options';
import type { AddBeliefsOptions } from './beliefs.action';

/** `flexmeasures add beliefs` */
export function addBeliefsCommand(add: Command): void {
  const command = add
    .command('beliefs')
    .description('Load beliefs from a CSV or Excel file.')
    .argument('[file]', 'path of the file')
    .option('--file <path>', 'path of the file (same as the argument)')
    .addOption(sensorIdOption('sensor that the beliefs are about'))
    .requiredOption(
      '--source <source>',
      'source of the beliefs: a user name, a user id, or the name of a new source',
    );
  addBeliefOptions(command);
  addFileOptions(command);
  command.action(async (file: string | undefined, options: AddBeliefsOptions) =>
    (await import('./beliefs.action.js')).addBeliefs(file, options),
  );
}

/** Options for the meaning of the rows, and how to save them. */
function addBeliefOptions(command: Command): void {
  command
    .option(
      '--unit <unit>',
      "unit of the values, if it differs from the sensor's; a leading minus inverts the sign (-kW); 'datetime' or " +
        "'timedelta' if the values are times and the sensor has a unit of time (h)",
    )
    .option(
      '--horizon <minutes>',
      'belief horizon: minutes, or an ISO 8601 duration; positive for forecasts, zero or negative for measurements',
    )
    .option(
      '--prior <datetime>',
      'belief time of all beliefs; with --horizon, the earlier of the two times is used',
    )
    .option('--cp <probability>', 'cumulative probability of the values, between 0 and 1', number)
    .option('--resample', "resample events to the sensor's event resolution", true)
    .option('--allow-overwrite', 'replace beliefs of the same source and belief time');
  addOpposite(command, 'resample', "do not resample; events must match the sensor's event resolution");
  addOpposite(command, 'allow-overwrite', 'reject a file that would replace beliefs');
}

/** Adds the option that turns another one off; the last one given is used. */
function addOpposite(command: Command, name: string, description: string): void {
  const opposite = new Option(`--do-not-${name}`, description);
  const attribute = new Option(`--${name}`).attributeName();
  command.addOption(opposite).on(`option:${opposite.name()}`, () => command.setOptionValue(attribute, false));
}

/** Options for the format of the file. */
function addFileOptions(command: Command): void {
  const monthFirst = new Option('--month-first', 'in dates such as 01/02/2024 the month comes first');
  command
    .option('--skiprows <count>', 'rows to skip at the top of the file', count)
    .option('--nrows <count>', 'rows to read', count)
    .option('--na-values <text>', 'text for a missing value; may be repeated', collect(String))
    .option(
      '--keep-default-na [true|false]',
      'whether the default texts for missing values are used; default: true, unless --na-values is given',
      boolean,
    )
    .option(
      '--datecol <column>',
      'column with the event starts: number from 0, or name (default: 0); repeat it for date and time, or for year, ' +
        'month, day, hour and minute, in columns of their own',
      collect(String),
    )
    .option('--valuecol <column>', 'column with the values: number from 0, or name', '1')
    .option('--beliefcol <column>', 'column with the belief times: number from 0, or name')
    .option('--timezone <zone>', 'time zone of the datetimes in the file, if they have none')
    .option('--date-format <format>', 'the only format of the datetimes, such as %d.%m.%Y %H:%M')
    .addOption(
      new Option(
        '--stamps <place>',
        'whether datetimes are the start or the end of events (default: start)',
      ).choices(['start', 'end']),
    )
    .option(
      '--time-weighted',
      'rows are readings at irregular times; events become their time-weighted means',
    )
    .addOption(partialOption())
    .addOption(
      new Option(
        '--keep <which>',
        'what to keep of several values about one event (default: refuse the file if they differ)',
      ).choices(['first', 'last', 'mean', 'sum']),
    )
    .option('--skip-bad-rows', 'skip and count rows that cannot be read, instead of refusing the file')
    .option('--day-first', 'in dates such as 01/02/2024 the day comes first')
    .addOption(monthFirst)
    .on('option:month-first', () => command.setOptionValue('dayFirst', false))
    .option('--filter-column <column>', 'column to filter rows by; may be repeated', collect(String))
    .option(
      '--filter-value <text>',
      'value that the filter column must have; may be repeated',
      collect(String),
    )
    .option('--delimiter <character>', 'what separates columns', ',')
    .option('--decimal <character>', 'decimal point', '.')
    .option('--thousands <character>', 'thousands separator')
    .option('--sheet-number <number>', 'sheet of an Excel file, from 0', count)
    .addOption(new Option('--sheet_number <number>').argParser(count).hideHelp());
}
