import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { DomainError } from '#lib/errors';

/** Asks for a password twice without showing it; away from a terminal, reads it from standard input. */
export async function askPassword(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return readLine();
  const password = await askHidden(`${prompt}: `);
  if ((await askHidden('Repeat the password: ')) !== password) {
    throw new DomainError('PASSWORDS_DIFFER', 'The two passwords differ.', 'password');
  }
  return password;
}

async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  throw new DomainError('PASSWORD_MISSING', 'No password was given on standard input.', 'password');
}

async function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
