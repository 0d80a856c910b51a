import { DomainError } from '#lib/errors';

const CTRL_D = '\x04';

/** Prompts on standard error. They load in 20 ms, so only who asks something loads them. */
export async function loadPrompts() {
  const prompts = await import('@clack/prompts');
  // By itself, Ctrl-D ends the process without an error.
  prompts.updateSettings({ aliases: { [CTRL_D]: 'cancel' } });
  return { ...prompts, output: process.stderr };
}

/** The error of a user who pressed Ctrl-C or Ctrl-D, or who said no. */
export const aborted = (): DomainError => new DomainError('ABORTED', 'Aborted: nothing was changed.');
