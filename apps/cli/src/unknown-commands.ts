import type { Command } from 'commander';
import { closest } from 'fastest-levenshtein';

/** Exit code for a command that does not exist, as in the Python version. */
const USAGE_ERROR = 2;

/** Lets a command and its groups refuse unknown subcommands with a sentence that names the nearest known one. */
export function refuseUnknownCommands(command: Command): void {
  if (command.commands.length === 0) return;
  command.on('command:*', ([given = '']: string[]) => {
    const names = command.commands.flatMap((sub) => [sub.name(), ...sub.aliases()]);
    const path = pathOf(command);
    const message = `error: unknown command '${path} ${given}'. Did you mean '${path} ${closest(given, names)}'?`;
    command.error(message, { exitCode: USAGE_ERROR });
  });
  for (const sub of command.commands) refuseUnknownCommands(sub);
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
