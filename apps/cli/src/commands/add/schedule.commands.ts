import { Command, Option } from 'commander';
import { collect, id, jsonList, jsonObject, sensorIdOption } from '../../options/options';
import type { ScheduleOptions, SiteScheduleOptions } from './schedule.action';

/** `flexmeasures add schedule ...` */
export function scheduleCommands(): Command {
  const schedule = new Command('schedule').description('Create schedules.');
  addForStorage(schedule);
  addForSite(schedule);
  schedule.hook('preAction', ({ args }) => {
    if (schedule.commands.some((command) => command.name() === args[0])) return;
    console.error('Warning: `add schedule` is deprecated: use `add schedule for-storage` instead.');
  });
  return schedule;
}

const AS_JOB = 'queue a job instead of computing now; a worker or server with the same database runs it';
const CONTEXT = 'flex-context as JSON, with the field names of the API';

function addForStorage(schedule: Command): void {
  schedule
    // The default, because this command was called `add schedule` in older versions.
    .command('for-storage', { isDefault: true })
    .description('Create a charging schedule for a storage asset.')
    .addOption(sensorIdOption('power sensor to schedule'))
    .option('--consumption-price-sensor <id>', 'sensor with the price of consuming energy', id)
    .option(
      '--production-price-sensor <id>',
      'sensor with the price of producing energy; default: the consumption price',
      id,
    )
    .addOption(
      new Option('--optimization-context-id <id>', 'deprecated: use --consumption-price-sensor').argParser(
        id,
      ),
    )
    .option(
      '--inflexible-device-sensor <id>',
      'power sensor to take into account; may be repeated',
      collect(id),
    )
    .requiredOption('--start <datetime>', 'start of the schedule, with time zone: 2023-01-01T07:00+01:00')
    .requiredOption('--duration <duration>', 'length of the schedule: an ISO 8601 duration such as PT12H')
    .requiredOption(
      '--soc-at-start <quantity>',
      'state of charge at the start: 50%, 225kWh, or a number of MWh',
    )
    .addOption(
      new Option(
        '--soc-target <value...>',
        'state of charge to reach, and when: VALUE DATETIME; may be repeated',
      ),
    )
    .option('--soc-min <quantity>', 'lowest state of charge: 10%, 50kWh, or a number of MWh')
    .option('--soc-max <quantity>', 'highest state of charge: 90%, 450kWh, or a number of MWh')
    .option(
      '--roundtrip-efficiency <efficiency>',
      'efficiency of charging and discharging together: 90% or 0.9',
    )
    .option('--flex-model <json>', 'flex-model as JSON, with the field names of the API', jsonObject)
    .option('--flex-context <json>', CONTEXT, jsonObject)
    .option('--as-job', AS_JOB)
    .action(async (options: ScheduleOptions) =>
      (await import('./schedule.action.js')).addScheduleForStorage(options),
    );
}

function addForSite(schedule: Command): void {
  schedule
    .command('for-site')
    .description('Create schedules for several devices of a site together.')
    .requiredOption('--asset-id <id>', 'asset of the site', id)
    .requiredOption('--start <datetime>', 'start of the schedules, with time zone: 2023-01-01T07:00+01:00')
    .option('--duration <duration>', 'length of the schedules: an ISO 8601 duration such as PT12H')
    .option('--resolution <duration>', "resolution of the schedules; default: the sensors' event resolution")
    .option(
      '--flex-model <json>',
      'list of flex-models as JSON, with the field names of the API: [{"sensor": 2, "soc-at-start": "50%"}, ...]; ' +
        'fields and devices that are not given are those that assets store',
      jsonList,
    )
    .option('--flex-context <json>', CONTEXT, jsonObject)
    .option('--sequential', 'schedule the devices one after another, in the order of the list')
    .option('--as-job', AS_JOB)
    .action(async (options: SiteScheduleOptions) =>
      (await import('./schedule.action.js')).addScheduleForSite(options),
    );
}
