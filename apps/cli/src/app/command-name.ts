import { userInfo } from 'node:os';
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

/** Name of the user of the operating system who runs the command; undefined if the system does not know it. */
export function systemUserName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // a container may run under a user id without a name
  }
}
