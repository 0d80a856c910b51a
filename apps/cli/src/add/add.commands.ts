import { Command } from 'commander';
import { collect, count, id, jsonObject, number, sensorIdOption } from '../options';
import type { AddBeliefsOptions } from './beliefs.action';
import { scheduleCommands } from './schedule.commands';
import type { AccountOptions, AssetOptions, SensorOptions, UserOptions } from './structure.actions';
import type { ToyAccountOptions } from './toy-account.action';

/** `flexmeasures add ...` */
export function addCommands(): Command {
  const add = new Command('add').description('Add data.');
  addStructureCommands(add);
  addBeliefsCommand(add);
  add.addCommand(scheduleCommands());
  return add;
}

function addStructureCommands(add: Command): void {
  const actions = () => import('./structure.actions.js');
  add
    .command('initial-structure')
    .description('Initialise structural data: user roles and asset types.')
    .action(async () => (await actions()).addInitialStructure());
  add
    .command('account')
    .description('Create an account (tenant).')
    .requiredOption('--name <name>', 'name of the account')
    .option('--roles <names>', 'account roles, separated by commas')
    .action(async (options: AccountOptions) => (await actions()).addAccount(options));
  add
    .command('user')
    .description('Create a user. The password is asked for, or read from standard input.')
    .requiredOption('--username <name>', 'name of the user')
    .requiredOption('--email <address>', 'email address')
    .requiredOption('--account-id <id>', 'account that the user belongs to', id)
    .option('--roles <names>', 'user roles such as admin or account-admin, separated by commas')
    .option('--timezone <zone>', "the user's time zone, for instance Europe/Amsterdam")
    .action(async (options: UserOptions) => (await actions()).addUser(options));
  add
    .command('asset')
    .description('Create an asset.')
    .requiredOption('--name <name>', 'name of the asset')
    .requiredOption('--asset-type-id <id>', 'type of the asset, see `flexmeasures show asset-types`', id)
    .option('--latitude <degrees>', 'latitude of the location', number)
    .option('--longitude <degrees>', 'longitude of the location', number)
    .option('--account-id <id>', 'account that owns the asset; without one, the asset is public', id)
    .option('--parent-asset-id <id>', 'asset that this one is part of', id)
    .option('--attributes <json>', 'attributes as a JSON object', jsonObject)
    .action(async (options: AssetOptions) => (await actions()).addAsset(options));
  add
    .command('sensor')
    .description('Create a sensor.')
    .requiredOption('--name <name>', 'name of the sensor')
    .requiredOption('--unit <unit>', 'unit of its values, for instance MW or EUR/MWh')
    .requiredOption(
      '--event-resolution <minutes>',
      'how long an event lasts: minutes, or an ISO 8601 duration',
    )
    .requiredOption('--timezone <zone>', 'time zone of the sensor, for instance Europe/Amsterdam')
    .requiredOption('--asset-id <id>', 'asset that the sensor is about', id)
    .option('--attributes <json>', 'attributes as a JSON object', jsonObject)
    .action(async (options: SensorOptions) => (await actions()).addSensor(options));
  add
    .command('toy-account')
    .description('Create a toy account, for tutorials and trying things.')
    .option('--kind <kind>', 'what to try; the only kind is battery', 'battery')
    .option('--name <name>', 'name of the account', 'Toy Account')
    .action(async (options: ToyAccountOptions) =>
      (await import('./toy-account.action.js')).addToyAccount(options),
    );
}

function addBeliefsCommand(add: Command): void {
  add
    .command('beliefs')
    .description('Load beliefs from a CSV or Excel file.')
    .argument('[file]', 'path of the file')
    .option('--file <path>', 'path of the file (same as the argument)')
    .addOption(sensorIdOption('sensor that the beliefs are about'))
    .requiredOption(
      '--source <source>',
      'who holds the beliefs: a user name, a user id, or the name of a new source',
    )
    .option('--unit <unit>', "unit of the values, if it is not the sensor's")
    .option('--horizon <minutes>', 'belief horizon: minutes, or an ISO 8601 duration')
    .option('--cp <probability>', 'cumulative probability of the values, between 0 and 1', number)
    .option('--allow-overwrite', 'replace beliefs of the same source and belief time')
    .option('--skiprows <count>', 'rows to skip at the top of the file', count)
    .option('--nrows <count>', 'rows to read', count)
    .option('--na-values <text>', 'text that stands for a missing value; may be repeated', collect(String))
    .option('--keep-default-na', 'keep the usual texts for missing values beside --na-values')
    .option('--datecol <column>', 'column with the event starts: number from 0, or name', '0')
    .option('--valuecol <column>', 'column with the values: number from 0, or name', '1')
    .option('--beliefcol <column>', 'column with the belief times: number from 0, or name')
    .option('--timezone <zone>', 'time zone of the datetimes in the file, if they have none')
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
    .action(async (file: string | undefined, options: AddBeliefsOptions) =>
      (await import('./beliefs.action.js')).addBeliefs(file, options),
    );
}
