import { Command, Option } from 'commander';
import { TRIGGER_KEYS } from '#lib/config/model';
import { DEVICE_SCOPES } from '#lib/device-tokens/model';
import { collect, id, jsonObject, number, oneOf } from '../../options/options';
import { addAnnotationCommands } from './annotations/annotation.commands';
import { addBeliefsCommand } from './beliefs.commands';
import type { DeviceTokenOptions } from './device-token.action';
import { forecastsCommand } from './forecasts.commands';
import { reportCommand } from './reports/report.commands';
import { scheduleCommands } from './schedule.commands';
import type { PlanOptions } from './plan.action';
import type {
  AccountOptions,
  AssetOptions,
  NamedOptions,
  SensorOptions,
  UserOptions,
} from './structure.actions';
import type { ToyAccountOptions } from './toy/toy-account.action';

const LIMIT_HELP = `such as '500 per minute' or 'unlimited'; default: that of the settings`;

/** `flexmeasures add ...` */
export function addCommands(): Command {
  const add = new Command('add').description('Add data.');
  addStructureCommands(add);
  addTypeCommands(add);
  addDeviceTokenCommand(add);
  addPluginCommand(add);
  addBeliefsCommand(add);
  addAnnotationCommands(add);
  add.addCommand(forecastsCommand()).addCommand(scheduleCommands()).addCommand(reportCommand());
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
    .command('plan')
    .description('Create a plan: how often the users of its accounts may use the API.')
    .requiredOption('--name <name>', 'name of the plan')
    .option('--default-rate-limit <limit>', `limit of requests, ${LIMIT_HELP}`)
    .option('--trigger-rate-limit <limit>', `limit of requests for schedules and forecasts, ${LIMIT_HELP}`)
    .addOption(
      new Option(
        '--rate-limit-key <key>',
        'what requests for schedules and forecasts are counted against',
      ).choices(TRIGGER_KEYS),
    )
    .action(async (options: PlanOptions) => (await import('./plan.action.js')).addPlan(options));
  add
    .command('user')
    .description('Create a user. Asks for the password, or reads it from standard input.')
    .requiredOption('--username <name>', 'name of the user')
    .requiredOption('--email <address>', 'email address')
    .requiredOption('--account-id <id>', 'account that the user belongs to', id)
    .option('--roles <names>', 'user roles such as admin or account-admin, separated by commas')
    .option('--timezone <zone>', "the user's time zone; default: the setting FLEXMEASURES_TIMEZONE")
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
    .addOption(
      new Option('--parent-asset <id>', 'same as --parent-asset-id').argParser(id).conflicts('parentAssetId'),
    )
    .option('--attributes <json>', 'attributes as a JSON object', jsonObject)
    .option('--description <text>', 'what the asset is')
    .option('--external-id <id>', 'id of the asset in another system, unique in the account')
    .option('--flex-context <json>', 'flex-context of the asset and all assets below it, as JSON', jsonObject)
    .option('--flex-model <json>', 'flex-model of the asset, as JSON', jsonObject)
    .action(async (options: AssetOptions) => (await actions()).addAsset(options));
  add
    .command('sensor')
    .description('Create a sensor.')
    .requiredOption('--name <name>', 'name of the sensor')
    .requiredOption('--unit <unit>', 'unit of its values, for instance MW or EUR/MWh')
    .requiredOption('--event-resolution <minutes>', 'event resolution: minutes, or an ISO 8601 duration')
    .requiredOption('--timezone <zone>', 'time zone of the sensor, for instance Europe/Amsterdam')
    .requiredOption('--asset-id <id>', 'asset that the sensor is about', id)
    .option('--attributes <json>', 'attributes as a JSON object', jsonObject)
    .action(async (options: SensorOptions) => (await actions()).addSensor(options));
  add
    .command('toy-account')
    .description('Create a toy account for tutorials and first tests.')
    .option(
      '--kind <kind>',
      'kind of the toy account: battery, as in the tutorial, or building, with two weeks of data and plans',
      'battery',
    )
    .option('--name <name>', 'name of the account', 'Toy Account')
    .action(async (options: ToyAccountOptions) =>
      (await import('./toy/toy-account.action.js')).addToyAccount(options),
    );
}

function addTypeCommands(add: Command): void {
  const actions = () => import('./structure.actions.js');
  add
    .command('account-role')
    .description('Create an account role.')
    .requiredOption('--name <name>', 'name of the account role')
    .option('--description <text>', 'what accounts with this role are')
    .action(async (options: NamedOptions) => (await actions()).addAccountRole(options));
  add
    .command('asset-type')
    .description('Create an asset type.')
    .requiredOption('--name <name>', 'name of the asset type')
    .option('--description <text>', 'what assets of this type are')
    .action(async (options: NamedOptions) => (await actions()).addAssetType(options));
}

function addPluginCommand(add: Command): void {
  add
    .command('plugin')
    .description(
      'Write a plugin to start with: a page, an API route, a command, a scheduler, and their tests.',
    )
    .argument('<folder>', 'folder to write; its name is the name of the plugin')
    .action(async (folder: string) => (await import('./plugin/plugin.action.js')).addPlugin(folder));
}

function addDeviceTokenCommand(add: Command): void {
  add
    .command('device-token')
    .description(
      'Create a token with which a device acts for a user. Prints the secret, which cannot be read later.',
    )
    .requiredOption('--email <address>', 'email address of the user')
    .requiredOption('--name <name>', 'name of the device')
    .addOption(
      new Option('--scope <scope>', `${DEVICE_SCOPES.join(', ')}; may be repeated`)
        .argParser(collect(oneOf(DEVICE_SCOPES)))
        .makeOptionMandatory(),
    )
    .option(
      '--asset-id <id>',
      'asset to which the token is limited, with its child assets; may be repeated; default: all of the account',
      collect(id),
    )
    .option('--expires <datetime>', 'when the token expires, with time zone; default: never')
    .action(async (options: DeviceTokenOptions) =>
      (await import('./device-token.action.js')).addDeviceToken(options),
    );
}
