import { Command, Option } from 'commander';
import { collect, id } from '../../options/options';
import type { OldBeliefsOptions } from './old-beliefs.action';
import type { DeleteBeliefsOptions, DeleteUnchangedOptions } from './beliefs.actions';
import type { ByEmail, ById, ByIds, ByName, Forced, TokenOptions } from './structure.actions';

/** `flexmeasures delete ...` */
export function deleteCommands(): Command {
  const remove = new Command('delete').description('Delete data.');
  addStructureCommands(remove);
  addBeliefsCommands(remove);
  addOldBeliefsCommand(remove);
  for (const command of remove.commands) command.option('--force', 'do not ask for a confirmation');
  return remove;
}

function addStructureCommands(remove: Command): void {
  const actions = () => import('./structure.actions.js');
  remove
    .command('structure')
    .description(
      'Delete all structural data: assets and their types, sensors, data sources, annotations, accounts, users and ' +
        'roles. This also deletes all beliefs.',
    )
    .action(async (options: Forced) => (await actions()).deleteStructure(options));
  remove
    .command('account-role')
    .description('Delete an account role. Accounts that have the role lose it.')
    .requiredOption('--name <name>', 'name of the account role')
    .action(async (options: ByName) => (await actions()).deleteAccountRole(options));
  remove
    .command('account')
    .description(
      'Delete an account with its users, its assets and their sensors, and all beliefs about them. Beliefs of its ' +
        'users about sensors of other accounts are kept.',
    )
    .requiredOption('--id <id>', 'id of the account', id)
    .action(async (options: ById) => (await actions()).deleteAccount(options));
  remove
    .command('user')
    .description(
      'Delete a user. Assets and measurements belong to the account and stay (see `delete account`); beliefs of ' +
        "the user are kept under the user's data source.",
    )
    .requiredOption('--email <address>', 'email address of the user')
    .action(async (options: ByEmail) => (await actions()).deleteUser(options));
  remove
    .command('device-token')
    .description('Revoke a device token of a user.')
    .requiredOption('--email <address>', 'email address of the user')
    .requiredOption('--id <id>', 'id of the token; see `show device-tokens`', id)
    .action(async (options: TokenOptions) => (await actions()).deleteDeviceToken(options));
  remove
    .command('two-factor')
    .description(
      'Remove the second factor of a user, for example of one who has lost the app and the recovery codes.',
    )
    .requiredOption('--email <address>', 'email address of the user')
    .action(async (options: ByEmail) => (await actions()).deleteTwoFactor(options));
  remove
    .command('asset')
    .description('Delete an asset with its child assets, their sensors, and all beliefs about them.')
    .requiredOption('--id <id>', 'id of the asset', id)
    .action(async (options: ById) => (await actions()).deleteAsset(options));
  remove
    .command('sensor')
    .description('Delete sensors and all beliefs about them.')
    .requiredOption('--id <id>', 'id of the sensor; may be repeated', collect(id))
    .action(async (options: ByIds) => (await actions()).deleteSensors(options));
}

function addOldBeliefsCommand(remove: Command): void {
  remove
    .command('old-beliefs')
    .description('Delete beliefs about events that are long past, for example from cron with --force.')
    .requiredOption('--older-than <duration>', 'age of the events: an ISO 8601 duration, such as P2Y')
    .option(
      '--source-type <type>',
      "type of the sources, such as 'forecasting script'; may be repeated; default: all",
      collect(String),
    )
    .option('--account-id <id>', 'account of the assets; default: all, and public assets', id)
    .option('--dry-run', 'only show what would be deleted')
    .action(async (options: OldBeliefsOptions) =>
      (await import('./old-beliefs.action.js')).deleteOldBeliefs(options),
    );
}

function addBeliefsCommands(remove: Command): void {
  const actions = () => import('./beliefs.actions.js');
  const sensors = () =>
    new Option(
      '--sensor-id <id>',
      'sensor that the beliefs are about; may be repeated; default: all',
    ).argParser(collect(id));
  remove
    .command('measurements')
    .description('Delete measurements: beliefs with a horizon of zero or less.')
    .addOption(sensors())
    .action(async (options: DeleteBeliefsOptions) => (await actions()).deleteMeasurements(options));
  remove
    .command('prognoses')
    .description('Delete forecasts and schedules: beliefs with a horizon above zero.')
    .addOption(sensors())
    .action(async (options: DeleteBeliefsOptions) => (await actions()).deletePrognoses(options));
  remove
    .command('unchanged-beliefs')
    .description('Delete beliefs that repeat the previous belief of the same source about the same event.')
    .addOption(sensors())
    .option('--delete-forecasts', 'delete unchanged forecasts: horizon above zero (default)')
    .addOption(new Option('--keep-forecasts', 'keep unchanged forecasts').conflicts('deleteForecasts'))
    .option('--delete-measurements', 'delete unchanged measurements: horizon of zero or less (default)')
    .addOption(
      new Option('--keep-measurements', 'keep unchanged measurements').conflicts('deleteMeasurements'),
    )
    .action(async (options: DeleteUnchangedOptions) => (await actions()).deleteUnchangedBeliefs(options));
  remove
    .command('nan-beliefs')
    .description('Delete beliefs whose value is NaN or infinite.')
    .addOption(sensors())
    .action(async (options: DeleteBeliefsOptions) => (await actions()).deleteNanBeliefs(options));
}
