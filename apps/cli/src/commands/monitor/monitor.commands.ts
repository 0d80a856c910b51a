import { Command, InvalidArgumentError, Option } from 'commander';
import { count } from '../../options/options';
import type { LastRunOptions } from './last-run.action';
import type { LastSeenOptions } from './last-seen.action';

/** `flexmeasures monitor ...`: find out what did not happen, for example from cron. */
export function monitorCommands(): Command {
  const monitor = new Command('monitor').description(
    'Check that users and recurring tasks are active. If not, alerts are sent by mail and to Sentry, and the exit code is 3.',
  );
  monitor
    .command('last-seen')
    .alias('latest-login')
    .description('Check when users last sent a request, for example programs that should send data.')
    .addOption(
      new Option('--maximum-minutes-since-last-seen <minutes>', 'longest time without a request that is fine')
        .argParser(count)
        .makeOptionMandatory(),
    )
    .option('--account-role <name>', 'only users whose account has this role')
    .option('--user-role <name>', 'only users with this role')
    .option('--alert-users', 'send a mail to these users too')
    .option('--do-not-alert-users', 'send no mail to these users (default)')
    .option('--custom-user-message <text>', 'text to add to the mails to users')
    .option('--task-name <name>', 'name of this check in alerts, to tell several checks apart', 'last-seen')
    .option('--custom-message <text>', 'text to add to the alert')
    .action(async (options: LastSeenOptions) =>
      (await import('./last-seen.action.js')).monitorLastSeen(options),
    );
  lastRunCommand(monitor.command('latest-run').alias('last-run'), false);
  lastRunCommand(monitor.command('tasks'), true);
  return monitor;
}

function lastRunCommand(command: Command, isOldName: boolean): void {
  const description = 'Check that recurring tasks have run and succeeded.';
  command
    .description(isOldName ? `${description} Old name of \`latest-run\`.` : description)
    .addOption(
      new Option(
        '--task <name-and-minutes...>',
        'name of a task, and minutes in which it should run; may be repeated',
      )
        .argParser(collectTexts)
        .makeOptionMandatory(),
    )
    .option('--custom-message <text>', 'text to add to the alert')
    .action(async ({ task, customMessage }: { task: string[]; customMessage?: string }) => {
      if (isOldName)
        console.error('Warning: `monitor tasks` is now `monitor latest-run`; the old name will be removed.');
      const options: LastRunOptions = { tasks: pairs(command, task), customMessage };
      await (await import('./last-run.action.js')).monitorLastRun(options);
    });
}

const collectTexts = (text: string, former: string[] | undefined): string[] => [...(former ?? []), text];

/** Names are followed by minutes. */
function pairs(command: Command, texts: readonly string[]): LastRunOptions['tasks'] {
  const tasks: LastRunOptions['tasks'] = [];
  for (let i = 0; i < texts.length; i += 2) {
    const [name = '', minutes] = texts.slice(i, i + 2);
    try {
      tasks.push({ name, maxMinutes: count(minutes ?? '') });
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      command.error(`error: option '--task': '${name}' must be followed by a whole number of minutes.`);
    }
  }
  return tasks;
}
