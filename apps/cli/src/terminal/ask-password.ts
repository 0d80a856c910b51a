import { createInterface } from 'node:readline/promises';
import { DomainError } from '#lib/errors';
import { aborted, loadPrompts } from './prompts';

/**
 * Asks for a password twice without showing it. If standard input is not a terminal, reads its first line.
 *
 * @throws DomainError PASSWORDS_DIFFER, PASSWORD_MISSING, ABORTED
 */
export async function askPassword(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return readLine();
  const { isCancel, output, password } = await loadPrompts();
  const ask = async (message: string): Promise<string> => {
    const answer = await password({ message, output });
    if (isCancel(answer)) throw aborted();
    return answer;
  };
  const first = await ask(prompt);
  if ((await ask('Repeat the password')) === first) return first;
  throw new DomainError('PASSWORDS_DIFFER', 'The two passwords differ.');
}

async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  throw new DomainError('PASSWORD_MISSING', 'No password was given on standard input.');
}
