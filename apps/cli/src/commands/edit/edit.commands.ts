import { Command, Option } from 'commander';
import { collect, id, jsonList, jsonObject, number, truth, wholeNumber } from '../../options/options';
import type { EditAttributeOptions } from './attribute.action';
import type { ResampleDataOptions } from './resample-data.action';

/** `flexmeasures edit ...` */
export function editCommands(): Command {
  const edit = new Command('edit').description('Edit data.');
  addAttributeCommand(edit);
  addResampleCommand(edit);
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
    .option('--int <number>', 'the value, a whole number', wholeNumber)
    .option('--bool <truth>', 'the value, true or false', truth)
    .option('--str <text>', 'the value, a text')
    .option('--list <json>', 'the value, a list as JSON: \'[1, "a"]\'', jsonList)
    .option('--dict <json>', 'the value, an object as JSON: \'{"a": 1}\'', jsonObject)
    .option('--null', 'the value is null')
    .action(async (options: EditAttributeOptions) =>
      (await import('./attribute.action.js')).editAttribute(options),
    );
}

function addResampleCommand(edit: Command): void {
  edit
    .command('resample-data')
    .description(
      'Assign a new event resolution to sensors, and resample their beliefs accordingly: coarser events get the mean ' +
        '(of energy and other amounts the sum), finer events repeat the value (amounts are split), instants give the ' +
        'events that they lie in their mean.',
    )
    .addOption(
      new Option('--sensor-id <id>', 'sensor to resample; may be repeated')
        .argParser(collect(id))
        .makeOptionMandatory(),
    )
    .requiredOption('--event-resolution <minutes>', 'new event resolution, minutes', wholeNumber)
    .option('--from <datetime>', 'resample only events from this moment on, with time zone')
    .option('--until <datetime>', 'resample only events until this moment, with time zone')
    .option(
      '--leave-outside',
      'leave beliefs about other events as they are stored, if those are about events of the new resolution already; ' +
        'without this, such beliefs are a reason to do nothing, because a sensor has one resolution',
    )
    .option('--skip-integrity-check', 'do not show counts and means before and after to ask for approval')
    .action(async (options: ResampleDataOptions) =>
      (await import('./resample-data.action.js')).resampleData(options),
    );
}
