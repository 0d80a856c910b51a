import { Command } from 'commander';

/** `flexmeasures db ...`: the schema, and the embedded server. */
export function databaseCommands(): Command {
  const db = new Command('db').description('Manage the database schema and the embedded server.');
  const actions = () => import('./db.actions.js');
  db.command('upgrade')
    .description('Bring the schema to the newest version.')
    .action(async () => (await actions()).upgrade());
  db.command('downgrade')
    .description('Undo the newest version of the schema.')
    .action(async () => (await actions()).downgrade());
  db.command('current')
    .description('Show the version of the schema.')
    .action(async () => (await actions()).current());
  db.command('history')
    .description('List all versions of the schema.')
    .action(async () => (await actions()).history());
  db.command('partition-beliefs')
    .description('Divide the beliefs into months or years of event start (FLEXMEASURES_BELIEF_PARTITIONING).')
    .option('--from <date>', 'first day in UTC that is to lie in a partition of its own (default: today)')
    .option('--until <date>', 'day before which partitions are to begin (default: some periods ahead)')
    .action(async (options: { from?: string; until?: string }) =>
      (await actions()).partitionBeliefs(options),
    );
  db.command('start')
    .description('Start the embedded server, if none is configured and it does not run.')
    .action(async () => (await actions()).start());
  db.command('stop')
    .description('Stop the embedded server; the next command starts it again.')
    .action(async () => (await actions()).stop());
  return db;
}
