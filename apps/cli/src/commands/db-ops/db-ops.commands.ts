import { Command } from 'commander';
import { resampleCommand } from '../edit/edit.commands';
import type { LoadCommandOptions, SaveCommandOptions } from './db-ops.actions';

/** `flexmeasures db-ops ...`: operations on the whole database. */
export function databaseOperationCommands(): Command {
  const group = new Command('db-ops').description('Save, load and reset the whole database.');
  const actions = () => import('./db-ops.actions.js');
  group
    .command('dump')
    .description(
      'Dump all data into FLEXMEASURES_DB_BACKUP_PATH, with pg_dump if its version fits the server, else as `save` does. ' +
        'The schema is not dumped.',
    )
    .action(async () => (await actions()).dump());
  group
    .command('restore')
    .description('Restore a dump into an empty database. Run `reset` first.')
    .argument('<file>', 'file or folder that `dump` or `save` has written')
    .option('--leave-out-unknown', 'leave out tables and columns for which the schema has no place')
    .action(async (path: string, options: LoadCommandOptions) => (await actions()).restore(path, options));
  group
    .command('save')
    .description('Save all data as a folder of CSV files, one per table.')
    .option('--name <name>', 'name of the backup (default: the current time)')
    .option('--dir <folder>', 'folder for backups (default: FLEXMEASURES_DB_BACKUP_PATH)')
    .action(async (options: SaveCommandOptions) => (await actions()).save(options));
  group
    .command('load')
    .description('Load what `save` has saved into an empty database. Run `reset` first.')
    .requiredOption('--name <name>', 'name of the backup')
    .option('--dir <folder>', 'folder of backups (default: FLEXMEASURES_DB_BACKUP_PATH)')
    .option('--leave-out-unknown', 'leave out tables and columns for which the schema has no place')
    .action(async (options: LoadCommandOptions & SaveCommandOptions) => (await actions()).load(options));
  group
    .command('import-python')
    .description(
      'Copy the database of a Python FlexMeasures (0.12 or later) into this one, which must be empty. ' +
        'Run it again to continue an import that was interrupted.',
    )
    .argument('<uri>', 'the SQLALCHEMY_DATABASE_URI of the Python FlexMeasures')
    .action(async (uri: string) => (await actions()).importFromPython(uri));
  group
    .command('reset')
    .description('Delete all data, and create the tables again.')
    .option('--force', 'do not ask for a confirmation')
    .action(async (options: { force?: boolean }) => (await actions()).reset(options));
  group.addCommand(
    resampleCommand('Old name of `flexmeasures edit resample-data`.', () =>
      console.error(
        'Warning: `db-ops resample-data` is now `edit resample-data`; the old name will be removed.',
      ),
    ),
  );
  return group;
}
