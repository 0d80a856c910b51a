import { Command, Option } from 'commander';
import { collect, count, id } from '../../options/options';
import type { ForecastsOptions } from './forecasts.action';

/** `flexmeasures add forecasts` */
export function forecastsCommand(): Command {
  return new Command('forecasts')
    .description('Create forecasts for sensors, also of the past.')
    .option('--sensor-id <id>', 'sensor to forecast; may be repeated', collect(id))
    .addOption(
      new Option('--asset-id <id>', 'deprecated: use --sensor-id').argParser(collect(id)).hideHelp(false),
    )
    .option('--asset <name>', 'all sensors of the asset with this name')
    .addOption(
      new Option('--asset-type <kind>', 'deprecated: has no effect').choices([
        'Asset',
        'Market',
        'WeatherSensor',
      ]),
    )
    .option(
      '--from-date <date>',
      'first day to forecast, in the time zone of the sensor; default: 2015-02-08',
    )
    .option('--to-date <date>', 'end of the forecasts (exclusive); default: 2015-12-31')
    .option(
      '--horizon <hours>',
      'how many hours ahead; may be repeated; default: 1, 6, 24 and 48, for prices 24 and 48',
      collect(count),
    )
    .option(
      '--viewpoint <datetime>',
      'make all forecasts from the data that was known at this time; by default for the next 48 hours',
    )
    .option(
      '--regressor <id>',
      'sensor whose forecasts are an input, for instance of the wind speed; may be repeated; ' +
        'default: the sensors in the attribute weather_correlations',
      collect(id),
    )
    .option(
      '--resolution <minutes>',
      "resolution of the forecasts; must be the sensor's event resolution",
      count,
    )
    .option('--as-job', 'queue the forecasts for a worker instead of making them now')
    .action(async (options: ForecastsOptions) =>
      (await import('./forecasts.action.js')).addForecasts(options),
    );
}
