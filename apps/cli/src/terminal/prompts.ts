import { DomainError } from '#lib/errors';

const CTRL_D = '\x04';

/** Loads the prompts, which use standard error. Loading takes 20 ms, so it happens only when needed. */
export async function loadPrompts() {
  const prompts = await import('@clack/prompts');
  // Without this alias, Ctrl-D ends the process without an error.
  prompts.updateSettings({ aliases: { [CTRL_D]: 'cancel' } });
  return { ...prompts, output: process.stderr };
}

/** The error if the user pressed Ctrl-C or Ctrl-D, or answered no. */
export const aborted = (): DomainError => new DomainError('ABORTED', 'Aborted: nothing was changed.');
