import { Command } from 'commander';
import { setCommandName } from './app/command-name';
import { addCommands } from './commands/add/add.commands';
import { databaseOperationCommands } from './commands/db-ops/db-ops.commands';
import { databaseCommands } from './commands/db/db.commands';
import { deleteCommands } from './commands/delete/delete.commands';
import { editCommands } from './commands/edit/edit.commands';
import { jobsCommands } from './commands/jobs/jobs.commands';
import { monitorCommands } from './commands/monitor/monitor.commands';
import { showCommands } from './commands/show/show.commands';
import { recordTask } from './record-task';
import { rolesCommands, usersCommands } from './commands/users/users.commands';
import { refuseUnknownCommands } from './unknown-commands';
import { versionText } from './version';

/**
 * Builds the `flexmeasures` command. Only option definitions are imported here; an action imports what it needs, so that
 * help is printed fast.
 */
export function buildProgram(): Command {
  const program = new Command('flexmeasures')
    .description(
      'Manage the data of FlexMeasures: accounts, assets, sensors, beliefs, forecasts and schedules.',
    )
    .showHelpAfterError('(add --help for the options)')
    .version(versionText(), '-V, --version', 'print the version')
    .option(
      '--record-task <name>',
      'record whether the command succeeds as a run of this recurring task; see `monitor latest-run`',
    )
    .configureHelp({ sortSubcommands: true })
    .hook('preAction', async (_program, command) => {
      setCommandName(command);
      await usePack();
    })
    .hook('postAction', () =>
      recordTask(program, [undefined, 0].includes(process.exitCode as number | undefined)),
    );
  program.addCommand(addCommands());
  program.addCommand(showCommands());
  program.addCommand(editCommands());
  program.addCommand(deleteCommands());
  program.addCommand(jobsCommands());
  program.addCommand(databaseCommands());
  program.addCommand(databaseOperationCommands());
  program.addCommand(monitorCommands());
  program.addCommand(usersCommands());
  program.addCommand(rolesCommands());
  program
    .command('run')
    .description('Start the HTTP server.')
    .option('--port <number>', 'port to listen on')
    .action(async (options: { port?: string }) => {
      if (options.port !== undefined) process.env['PORT'] = options.port;
      const { runApp } = await import('./app/run-app.js');
      await runApp('api');
    });
  program
    .command('routes')
    .description('List the routes of the HTTP server, also of plugins, in the order in which they are tried.')
    .action(async () => (await import('./app/run-app.js')).runApp('api', ['--routes']));
  program
    .command('shell')
    .description('Start a JavaScript shell with the services of all domains.')
    .action(async () => (await import('./commands/shell/shell.action.js')).startShell());
  refuseUnknownCommands(program);
  return program;
}

/**
 * Runs the command that the arguments name.
 * @param args without the program; by default those of the process
 * @throws Error what the command throws
 */
export async function runProgram(args?: string[]): Promise<void> {
  const program = buildProgram();
  await addCommandsOfPlugins(program, args ?? process.argv.slice(2));
  try {
    await (args ? program.parseAsync(args, { from: 'user' }) : program.parseAsync());
  } catch (error) {
    await recordTask(program, false);
    throw error;
  }
}

/**
 * Adds the commands of plugins, unless the arguments are those of another command: only then are the settings and plugins
 * needed.
 * @param args arguments of the program
 */
async function addCommandsOfPlugins(program: Command, args: readonly string[]): Promise<void> {
  const [first = '--help'] = args;
  const isKnown = program.commands.some((command) => command.name() === first);
  if (isKnown || ['--version', '-V'].includes(first)) return;
  const { mayHavePlugins } = await import('#lib/plugins/presence');
  if (!mayHavePlugins()) return;
  await usePack();
  const { addPluginCommands } = await import('./plugins/plugin-commands.js');
  addPluginCommands(program);
}

async function usePack(): Promise<void> {
  const { usePackedModules } = await import('#lib/packed-modules');
  const { mayHavePlugins } = await import('#lib/plugins/presence');
  usePackedModules('cli', !mayHavePlugins());
}
