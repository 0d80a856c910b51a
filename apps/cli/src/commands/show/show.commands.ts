import { Command, Option } from 'commander';
import { collect, count, id, sensorIdOption } from '../../options/options';
import type { ShowAccuracyOptions } from './accuracy.action';
import type { ShowAuditLogOptions } from './audit-log.action';
import type { ShowBeliefsOptions } from './beliefs.action';
import type { ShowAccountOptions } from './show.actions';

/** `flexmeasures show ...` */
export function showCommands(): Command {
  const show = new Command('show').description('Show data.');
  const actions = () => import('./show.actions.js');
  const lists = () => import('./lists.actions.js');
  show
    .command('accounts')
    .description('List accounts.')
    .action(async () => (await lists()).showAccounts());
  show
    .command('roles')
    .description('List account roles and user roles.')
    .action(async () => (await lists()).showRoles());
  show
    .command('data-sources')
    .description('List data sources.')
    .option('--id <id>', 'show only the data source with this id', id)
    .action(async (options: { id?: number }) => (await lists()).showDataSources(options));
  show
    .command('account')
    .description('Show an account, its users and assets.')
    .option('--id <id>', 'id of the account', id)
    .addOption(new Option('--account-id <id>', 'same as --id').argParser(id).conflicts('id'))
    .action(async (options: ShowAccountOptions) => (await actions()).showAccount(options));
  show
    .command('asset')
    .description('Show an asset and its sensors.')
    .requiredOption('--id <id>', 'id of the asset', id)
    .action(async (options: { id: number }) => (await actions()).showAsset(options));
  show
    .command('asset-types')
    .description('List the asset types.')
    .action(async () => (await actions()).showAssetTypes());
  show
    .command('device-tokens')
    .description('List the device tokens of a user.')
    .requiredOption('--email <address>', 'email address of the user')
    .action(async (options: { email: string }) =>
      (await import('./device-tokens.action.js')).showDeviceTokens(options),
    );
  show
    .command('plans')
    .description('List the plans of accounts.')
    .action(async () => (await lists()).showPlans());
  show
    .command('api-usage')
    .description('Show who uses deprecated versions of the API, and when last.')
    .action(async () => (await import('./api-usage.action.js')).showApiUsage());
  show
    .command('schedulers')
    .description(
      'List the schedulers and forecasters of plugins, which attributes of sensors and assets can name.',
    )
    .action(async () => (await import('./plugins.action.js')).showSchedulers());
  show
    .command('config')
    .description('List the settings with their values, and where each value comes from. Secrets are masked.')
    .option('--all', 'also those that are not set')
    .action(async (options: { all?: boolean }) => (await import('./config.action.js')).showConfig(options));
  show
    .command('reporters')
    .description('List the reporters, also those of plugins, that `add report` can use.')
    .action(async () => (await import('./plugins.action.js')).showReporters());
  show
    .command('plugins')
    .description('List the plugins, and why some of them are not used.')
    .action(async () => (await import('./plugins.action.js')).showPlugins());
  addBeliefsCommand(show);
  addAccuracyCommand(show);
  addAuditLogCommand(show);
  return show;
}

function addAuditLogCommand(show: Command): void {
  show
    .command('audit-log')
    .description('Show who changed what, and when: of everything, or of one account, user or asset.')
    .addOption(
      new Option('--account-id <id>', 'account, with its users, assets and sensors')
        .argParser(id)
        .conflicts(['userId', 'assetId']),
    )
    .addOption(
      new Option('--user-id <id>', 'what was done to the user, and what the user did')
        .argParser(id)
        .conflicts('assetId'),
    )
    .option('--asset-id <id>', 'asset, with its sensors', id)
    .option('--filter <text>', 'only entries with this text in the author or in what was done')
    .option('--limit <number>', 'number of the newest entries to show', count, 50)
    .action(async (options: ShowAuditLogOptions) =>
      (await import('./audit-log.action.js')).showAuditLog(options),
    );
}

function addAccuracyCommand(show: Command): void {
  show
    .command('accuracy')
    .description('Show the accuracy of the forecasts of a sensor, compared with naive forecasts.')
    .addOption(sensorIdOption('sensor of the forecasts and measurements'))
    .option('--start <datetime>', 'start of the events; default: now minus --duration')
    .option('--duration <duration>', 'length of the period: an ISO 8601 duration', 'P60D')
    .option(
      '--horizon <hours>',
      'belief horizon in hours; may be repeated; default: the forecast horizons of the sensor',
      collect(count),
    )
    .option('--source <id>', 'only forecasts of the data source with this id', id)
    .action(async (options: ShowAccuracyOptions) =>
      (await import('./accuracy.action.js')).showAccuracy(options),
    );
}

function addBeliefsCommand(show: Command): void {
  show
    .command('beliefs')
    .description('Plot time series data, and optionally save it to a CSV file.')
    .addOption(
      new Option('--sensor-id <id>', 'sensor to show; may be repeated')
        .argParser(collect(id))
        .makeOptionMandatory(),
    )
    .requiredOption('--start <datetime>', 'start of the plot, with time zone')
    .requiredOption('--duration <duration>', 'length of the plot: an ISO 8601 duration such as PT12H')
    .option('--belief-time-before <datetime>', 'show only beliefs formed before this time, with time zone')
    .option(
      '--source <id>',
      'show only beliefs of the data source with this id; may be repeated',
      collect(id),
    )
    .option('--source-id <id>', 'same as --source', collect(id))
    .option(
      '--resolution <duration>',
      "an ISO 8601 duration such as PT1H or P1D; default: the finest of the sensors' event resolutions; instantaneous " +
        'values keep their times by default, and are omitted between the steps of a given resolution',
    )
    .option('--timezone <zone>', 'time zone of the times shown; default: that of the first sensor')
    .option('--combine-legend', 'plot all sensors in one chart with a legend', true)
    .option('--no-combine-legend', 'plot each sensor in a separate chart')
    .option('--to-file <path>', 'also save the data to this CSV file')
    .action(async (options: ShowBeliefsOptions) =>
      (await import('./beliefs.action.js')).showBeliefs(options),
    );
}
