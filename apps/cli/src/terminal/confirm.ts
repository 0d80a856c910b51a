import { DomainError } from '#lib/errors';
import { aborted, loadPrompts } from './prompts';

export interface Confirmation {
  /** Skips the question. */
  isForced?: boolean;
  /** The option that skips the question, for the error message without a terminal. */
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
    const message = `Confirmation required: ${question} Confirm in a terminal, or add ${option}.`;
    throw new DomainError('CONFIRMATION_NEEDED', message);
  }
  const { confirm, output } = await loadPrompts();
  // Ctrl-C returns a symbol.
  if ((await confirm({ message: question, initialValue: false, output })) !== true) throw aborted();
}
