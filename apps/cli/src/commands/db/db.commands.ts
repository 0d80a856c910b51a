import { Command } from 'commander';
import type { CleanUpOptions } from './care.actions';

/** `flexmeasures db ...`: the schema, and the embedded server. */
export function databaseCommands(): Command {
  const db = new Command('db').description('Manage the database schema and the embedded server.');
  const actions = () => import('./db.actions.js');
  db.command('upgrade')
    .description('Upgrade the schema to the newest version, or to a revision.')
    .argument('[revision]', 'name or number of a migration (see `db history`), or "head"')
    .action(async (revision?: string) => (await actions()).upgrade(revision));
  db.command('downgrade')
    .description('Revert the newest version of the schema, or all versions after a revision.')
    .argument('[revision]', 'name or number of the migration that remains the newest one, or "base": none')
    .action(async (revision?: string) => (await actions()).downgrade(revision));
  db.command('init')
    .description('Do nothing: FlexMeasures brings its migrations. `upgrade` creates the tables.')
    .action(async () => (await actions()).init());
  db.command('migrate')
    .description('For developers: add an empty migration to a checkout of the source.')
    .requiredOption('-m, --message <text>', 'what the migration does, such as "add color to asset"')
    .action(async (options: { message: string }) => (await import('./migrate.action.js')).migrate(options));
  db.command('current')
    .description('Show the version of the schema.')
    .action(async () => (await actions()).current());
  db.command('history')
    .description('List all versions of the schema.')
    .action(async () => (await actions()).history());
  db.command('partition-beliefs')
    .description(
      'Create partitions of beliefs by month or year of the event start (FLEXMEASURES_BELIEF_PARTITIONING).',
    )
    .option('--from <date>', 'first day (UTC) that needs a partition (default: today)')
    .option(
      '--until <date>',
      'end (exclusive) of the days that need a partition (default: some periods ahead)',
    )
    .action(async (options: { from?: string; until?: string }) =>
      (await actions()).partitionBeliefs(options),
    );
  const care = () => import('./care.actions.js');
  db.command('size')
    .description('Show what takes space in the database, and which tables need a vacuum.')
    .action(async () => (await care()).showSizes());
  db.command('clean-up')
    .description(
      'Delete ended jobs and delivered events. Servers and workers do it too, as the settings say.',
    )
    .option('--jobs-older-than <duration>', 'how long ago jobs ended: an ISO 8601 duration', 'P7D')
    .option('--events-older-than <duration>', 'how long ago events were emitted', 'PT1H')
    .option('--dry-run', 'only show how many there are')
    .action(async (options: CleanUpOptions) => (await care()).cleanUp(options));
  db.command('start')
    .description('Start the embedded server, unless it runs or an external server is configured.')
    .action(async () => (await actions()).start());
  db.command('stop')
    .description('Stop the embedded server; the next command or a running server starts it again.')
    .action(async () => (await actions()).stop());
  return db;
}
