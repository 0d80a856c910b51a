import type { Command } from 'commander';

let running = '';

/** The words that name the command that is running, such as "add beliefs"; its events tell who caused them by these. */
export const commandName = (): string => running;

/** Takes down which command is about to run. */
export function noteCommand(command: Command): void {
  const words: string[] = [];
  for (let one = command; one.parent !== null; one = one.parent) words.unshift(one.name());
  running = words.join(' ');
}
