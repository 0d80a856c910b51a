import { Command, Option } from 'commander';
import { collect, id, sensorIdOption } from '../options';
import type { ScheduleOptions } from './schedule.action';

/** `flexmeasures add schedule ...` */
export function scheduleCommands(): Command {
  const schedule = new Command('schedule').description('Create schedules.');
  schedule
    .command('for-storage')
    .description('Create a charging schedule for a storage asset.')
    .addOption(sensorIdOption('power sensor to schedule'))
    .option('--consumption-price-sensor <id>', 'sensor with the price of consuming energy', id)
    .option(
      '--production-price-sensor <id>',
      'sensor with the price of producing energy; default: as consumption',
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
    .option(
      '--as-job',
      'queue a job instead of computing now; a worker or server on the same database does it',
    )
    .action(async (options: ScheduleOptions) =>
      (await import('./schedule.action.js')).addScheduleForStorage(options),
    );
  return schedule;
}
