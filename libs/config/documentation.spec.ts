import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './source/config-error';
import { readSettings } from './settings';

const DOCUMENT = readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');
const [USED = '', UNUSED = ''] = DOCUMENT.split('## Settings of the Python version that have no effect');

const namesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name!).sort();

/** Names of all settings that are read. Some are only read if others are set. */
function namesRead(): string[] {
  const names = new Set<string>();
  const values: NodeJS.ProcessEnv = { FLEXMEASURES_REDIS_URL: 'localhost', MAIL_SERVER: 'localhost' };
  readSettings(
    new Proxy(values, {
      get: (target, name: string) => {
        names.add(name);
        return target[name];
      },
    }),
  );
  return [...names].sort();
}

describe('readSettings', () => {
  // An environment variable has at most 128 KB.
  const texts = ['1', ' ', '<', "'", '[', 'a', '(\\w*)*'].flatMap((part) => [
    part.repeat(100_000 / part.length),
    `a${part.repeat(100_000 / part.length)}\n`,
  ]);

  it.each(namesRead())('accepts or rejects %s of any length', (name) => {
    for (const text of texts) {
      const env = { FLEXMEASURES_REDIS_URL: 'localhost', MAIL_SERVER: 'localhost', [name]: text };
      let failure: unknown;
      try {
        readSettings(env);
      } catch (error) {
        failure = error;
      }
      if (failure !== undefined) expect(failure).toBeInstanceOf(ConfigError);
    }
  });
});

it('documents each setting that is read, and no other', () => {
  expect(namesIn(USED, /^\| `([A-Z_]+)`/gm)).toEqual(namesRead());
});

it('does not list a setting that is read as unused', () => {
  const unused = namesIn(UNUSED, /`([A-Z_]+)`/g);
  expect(unused).toContain('FLEXMEASURES_LP_SOLVER');
  expect(unused.filter((name) => namesRead().includes(name))).toEqual([]);
});
