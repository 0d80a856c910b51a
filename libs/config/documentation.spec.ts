import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from './settings';

const DOCUMENT = readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');
const [USED = '', UNUSED = ''] = DOCUMENT.split('## Known to the Python version, and not used here');

const namesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name!).sort();

/** Names of all settings that are asked for. Some are only asked for when others are set. */
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

it('documents each setting that is read, and no other', () => {
  expect(namesIn(USED, /^\| `([A-Z_]+)`/gm)).toEqual(namesRead());
});

it('does not call a setting unused that is read', () => {
  const unused = namesIn(UNUSED, /`([A-Z_]+)`/g);
  expect(unused).toContain('FLEXMEASURES_LP_SOLVER');
  expect(unused.filter((name) => namesRead().includes(name))).toEqual([]);
});
