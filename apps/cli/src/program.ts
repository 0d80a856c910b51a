import { Command } from 'commander';
import { addCommands } from './add/add.commands';
import { databaseCommands } from './db/db.commands';
import { deleteCommands } from './delete/delete.commands';
import { editCommands } from './edit/edit.commands';
import { jobsCommands } from './jobs/jobs.commands';
import { showCommands } from './show/show.commands';

/**
 * The `flexmeasures` command. Only option definitions load here; what a command needs loads in its action, so that
 * help is printed at once.
 */
export function buildProgram(): Command {
  const program = new Command('flexmeasures')
    .description(
      'Manage the data of FlexMeasures: accounts, assets, sensors, beliefs, forecasts and schedules.',
    )
    .showHelpAfterError('(add --help for the options)')
    .configureHelp({ sortSubcommands: true });
  program.addCommand(addCommands());
  program.addCommand(showCommands());
  program.addCommand(editCommands());
  program.addCommand(deleteCommands());
  program.addCommand(jobsCommands());
  program.addCommand(databaseCommands());
  program
    .command('run')
    .description('Start the HTTP server.')
    .option('--port <number>', 'port to listen on')
    .action(async (options: { port?: string }) => {
      if (options.port !== undefined) process.env['PORT'] = options.port;
      const { runApp } = await import('./run-app.js');
      await runApp('api');
    });
  return program;
}
