import { join } from 'node:path';
import { analyse } from 'scslre';
import { attacksOn, textOf, type Attack } from './attack-texts';
import { collectPatterns } from './collect-patterns';

const ROOT = join(__dirname, '../..');

/** Made of settings, which are the host's own; what is matched with them is short. */
const OF_THE_HOST = ['libs/config/cors-settings.ts: new RegExp(pattern, flags)'];

/** In small steps, since a bad pattern may take forever with a text that is twice as long. */
const LENGTHS = [16, 18, 20, 22, 24, 26, 28, 100, 200, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];

/** In linear time, 64,000 characters take well below 1 ms; in quadratic time, seconds. */
const MOST_MS = 100;

/** CPU time that matching takes, which other processes of the machine do not lengthen. */
function matchingMs(pattern: RegExp, text: string): number {
  const before = process.cpuUsage();
  pattern.lastIndex = 0;
  if (pattern.global) text.replace(pattern, '');
  else pattern.exec(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Of two, since a single one may hold the work of a garbage collector. */
const isSlow = (pattern: RegExp, text: string): boolean =>
  matchingMs(pattern, text) > MOST_MS && matchingMs(pattern, text) > MOST_MS;

/** The first attack by which a pattern takes much longer for longer texts, and the length that shows it. */
function findSlowness(source: string, flags: string): (Attack & { length: number }) | undefined {
  const pattern = new RegExp(source, flags);
  for (const attack of attacksOn(source, flags)) {
    const length = LENGTHS.find((one) => isSlow(pattern, textOf(attack, one)));
    if (length !== undefined) return { ...attack, length };
  }
  return undefined;
}

describe('the regular expressions of apps/ and libs/', () => {
  const { patterns, open } = collectPatterns(ROOT, ['apps', 'libs']);

  it('are found, those that are made of constants too', () => {
    expect(patterns.length).toBeGreaterThan(100);
    expect(patterns).toContainEqual(
      expect.objectContaining({ source: expect.stringMatching(/^\^\[\+-\]\?P.*T.*S\)\?\)\?\$$/) as string }),
    );
    expect(open).toEqual(OF_THE_HOST);
  });

  it.each(patterns)('match in linear time, as far as can be calculated: $where', ({ source, flags }) => {
    const { reports } = analyse({ source, flags });
    // A sticky one is not tried again from the next character.
    const relevant = reports.filter(({ type }) => type !== 'Move' || !flags.includes('y'));
    expect(relevant.map(({ type, character }) => `${type}: ${character.literal.source}`)).toEqual([]);
  });

  it.each(patterns)('match in linear time what was made to take long: $where', ({ source, flags }) => {
    expect(findSlowness(source, flags)).toBeUndefined();
  });
});

describe('findSlowness', () => {
  it.each([
    String.raw`^\d*\.?\d+\s*%?\s*$`,
    String.raw`^[+-]?(?:\d+\.?\d*|\.\d+)$`,
    String.raw`^(?:ab)*(?:ab)*$`,
    String.raw`%.*$`,
    String.raw`^(a+)+$`,
    String.raw`^(?:\d+,?)*x`,
  ])('finds what makes %s slow', (source) => {
    expect(findSlowness(source, '')).toBeDefined();
  });
});
