import { DomainError } from '#lib/errors';
import { aborted, loadPrompts } from './prompts';

export interface Confirmation {
  /** The answer is yes already. */
  isForced?: boolean;
  /** Option that says so, to be named where nobody can be asked. */
  option?: string;
}

/**
 * Returns if the user confirms. Fails if standard input is not a terminal.
 *
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
  const { confirm, output } = await loadPrompts();
  // Ctrl-C gives a symbol.
  if ((await confirm({ message: question, initialValue: false, output })) !== true) throw aborted();
}
