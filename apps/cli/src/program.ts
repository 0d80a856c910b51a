import { Command } from 'commander';
import { noteCommand } from './app/command-name';
import { addCommands } from './commands/add/add.commands';
import { databaseCommands } from './commands/db/db.commands';
import { deleteCommands } from './commands/delete/delete.commands';
import { editCommands } from './commands/edit/edit.commands';
import { jobsCommands } from './commands/jobs/jobs.commands';
import { showCommands } from './commands/show/show.commands';

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
    .configureHelp({ sortSubcommands: true })
    .hook('preAction', (_program, command) => noteCommand(command));
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
      const { runApp } = await import('./app/run-app.js');
      await runApp('api');
    });
  return program;
}
