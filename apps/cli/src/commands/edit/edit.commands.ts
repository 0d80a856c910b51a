import { Command, Option } from 'commander';
import {
  collect,
  id,
  jsonList,
  jsonObject,
  number,
  boolean,
  oneOf,
  partialOption,
  wholeNumber,
} from '../../options/options';
import { TRIGGER_KEYS } from '#lib/config/model';
import type { EditAttributeOptions } from './attribute.action';
import type { EditAccountOptions, EditPlanOptions } from './plan.actions';
import type { ResampleDataOptions } from './resample-data.action';

const CLEARABLE_FIELDS = ['default-rate-limit', 'trigger-rate-limit', 'rate-limit-key'] as const;

const RESAMPLE_DESCRIPTION =
  'Assign a new event resolution to sensors, and resample their beliefs accordingly: coarser events get the mean ' +
  '(for energy and other amounts the sum), finer events repeat the value (amounts are divided), and instantaneous ' +
  'values are averaged per event.';

/** `flexmeasures edit ...` */
export function editCommands(): Command {
  const edit = new Command('edit').description('Edit data.');
  addAttributeCommand(edit);
  edit.addCommand(resampleCommand());
  addPlanCommands(edit);
  return edit;
}

function addAttributeCommand(edit: Command): void {
  edit
    .command('attribute')
    .description('Edit (or add) an attribute of assets and sensors. Give one value.')
    .option('--asset-id <id>', 'asset to edit; may be repeated', collect(id))
    .option('--sensor-id <id>', 'sensor to edit; may be repeated', collect(id))
    .requiredOption('--attribute <name>', 'name of the attribute')
    .option('--float <number>', 'the value, a number', number)
    .option('--int <number>', 'the value, an integer', wholeNumber)
    .option('--bool <boolean>', 'the value, true or false', boolean)
    .option('--str <text>', 'the value, a string')
    .option('--list <json>', 'the value, a list as JSON: \'[1, "a"]\'', jsonList)
    .option('--dict <json>', 'the value, an object as JSON: \'{"a": 1}\'', jsonObject)
    .option('--null', 'the value is null')
    .action(async (options: EditAttributeOptions) =>
      (await import('./attribute.action.js')).editAttribute(options),
    );
}

function addPlanCommands(edit: Command): void {
  const actions = () => import('./plan.actions.js');
  edit
    .command('plan')
    .description('Edit a plan. Options that are not given stay as they are.')
    .requiredOption('--id <id>', 'id of the plan, see `flexmeasures show plans`', id)
    .option('--name <name>', 'name of the plan')
    .option('--default-rate-limit <limit>', "limit of requests, such as '500 per minute' or 'unlimited'")
    .option('--trigger-rate-limit <limit>', 'the same, of requests for schedules and forecasts')
    .addOption(
      new Option(
        '--rate-limit-key <key>',
        'what requests for schedules and forecasts are counted against',
      ).choices(TRIGGER_KEYS),
    )
    .option(
      '--clear <field>',
      `use the setting instead: ${CLEARABLE_FIELDS.join(', ')}; may be repeated`,
      collect(oneOf(CLEARABLE_FIELDS)),
    )
    .option('--legacy', 'no further accounts get the plan')
    .option('--no-legacy', 'accounts can get the plan again')
    .action(async (options: EditPlanOptions) => (await actions()).editPlan(options));
  edit
    .command('account')
    .description('Change the plan of an account.')
    .requiredOption('--id <id>', 'id of the account', id)
    .option('--plan-id <id>', 'the plan that the account gets', id)
    .option('--no-plan', 'take the plan from the account: the limits of the settings apply')
    .action(async (options: EditAccountOptions) => (await actions()).editAccount(options));
}

/**
 * The command `resample-data`.
 * @param description instead of the usual one
 * @param beforeAction called first
 */
export function resampleCommand(
  description = RESAMPLE_DESCRIPTION,
  beforeAction = (): void => undefined,
): Command {
  return new Command('resample-data')
    .description(description)
    .addOption(
      new Option('--sensor-id <id>', 'sensor to resample; may be repeated')
        .argParser(collect(id))
        .makeOptionMandatory(),
    )
    .requiredOption('--event-resolution <minutes>', 'new event resolution, minutes', wholeNumber)
    .option('--from <datetime>', 'start of the events to resample, with time zone')
    .option('--until <datetime>', 'end (exclusive) of the events to resample, with time zone')
    .addOption(partialOption())
    .option(
      '--leave-outside',
      'keep beliefs about events outside the period, if they have the new resolution already; ' +
        'without this option, such beliefs are an error, because a sensor has one resolution',
    )
    .option('--skip-integrity-check', 'skip the confirmation that shows counts and means before and after')
    .action(async (options: ResampleDataOptions) => {
      beforeAction();
      await (await import('./resample-data.action.js')).resampleData(options);
    });
}
