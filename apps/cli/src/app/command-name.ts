import type { Command } from 'commander';

let running = '';

/** Name of the running command, such as "add beliefs"; recorded as the actor of its events. */
export const commandName = (): string => running;

/** Sets the name of the running command. */
export function setCommandName(command: Command): void {
  const words: string[] = [];
  for (let part = command; part.parent !== null; part = part.parent) words.unshift(part.name());
  running = words.join(' ');
}
