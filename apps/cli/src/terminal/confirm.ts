import { createInterface } from 'node:readline/promises';
import { DomainError } from '#lib/errors';

export interface Confirmation {
  /** The answer is yes already. */
  isForced?: boolean;
  /** Option that says so, to be named where nobody can be asked. */
  option?: string;
}

/**
 * Goes on if the user says yes; away from a terminal, nobody can be asked.
 * @throws DomainError ABORTED, CONFIRMATION_NEEDED
 */
export async function confirm(
  question: string,
  { isForced = false, option = '--force' }: Confirmation = {},
): Promise<void> {
  if (isForced) return;
  if (!process.stdin.isTTY) {
    const message = `This needs a confirmation: ${question} Say so on a terminal, or add ${option}.`;
    throw new DomainError('CONFIRMATION_NEEDED', message);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C and Ctrl-D are a no too.
    const answer = await terminal.question(`${question} [y/N]: `).catch(() => '\n');
    if (answer === '\n') process.stderr.write(answer);
    if (!/^y(es)?$/i.test(answer.trim())) throw new DomainError('ABORTED', 'Aborted: nothing was changed.');
  } finally {
    terminal.close();
  }
}
