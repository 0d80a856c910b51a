import { Command } from 'commander';
import { id, sensorIdOption } from '../options';
import type { ShowBeliefsOptions } from './beliefs.action';

/** `flexmeasures show ...` */
export function showCommands(): Command {
  const show = new Command('show').description('Show data.');
  const actions = () => import('./show.actions.js');
  show
    .command('account')
    .description('Show an account, its users and assets.')
    .requiredOption('--id <id>', 'id of the account', id)
    .action(async (options: { id: number }) => (await actions()).showAccount(options));
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
    .command('beliefs')
    .description('Plot time series data.')
    .addOption(sensorIdOption('sensor to show'))
    .requiredOption('--start <datetime>', 'start of the plot, with time zone')
    .requiredOption('--duration <duration>', 'length of the plot: an ISO 8601 duration such as PT12H')
    .option('--belief-time-before <datetime>', 'show what was known at this moment, with time zone')
    .option('--timezone <zone>', "time zone of the times shown; default: the sensor's")
    .action(async (options: ShowBeliefsOptions) =>
      (await import('./beliefs.action.js')).showBeliefs(options),
    );
  return show;
}
