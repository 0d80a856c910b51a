import { join } from 'node:path';
import { analyse } from 'scslre';
import { attacksOn, textOf, type Attack } from './attack-texts';
import { collectPatterns } from './collect-patterns';

const ROOT = join(__dirname, '../..');

/** Composed of settings, which the operator controls; they are matched with short texts only. */
const OF_THE_HOST = ['libs/config/areas/cors-settings.ts: new RegExp(pattern, flags)'];

/** Lengths grow in small steps, because a bad pattern may take forever for twice the length. */
const LENGTHS = [16, 18, 20, 22, 24, 26, 28, 100, 200, 500, 1000, 2000, 4000, 8000, 16_000, 32_000];

/** With linear time, 32,000 characters take less than 1 ms; with quadratic time, more than 100 ms. */
const MOST_MS = 50;

function match(pattern: RegExp, text: string): void {
  pattern.lastIndex = 0;
  if (pattern.global) text.replace(pattern, '');
  else pattern.exec(text);
}

/** CPU time of a match, which other processes do not affect. */
function matchingMs(pattern: RegExp, text: string): number {
  const before = process.cpuUsage();
  match(pattern, text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Whether a match takes long by the clock, which asks the system for less than the CPU time does. */
function seemsSlow(pattern: RegExp, text: string): boolean {
  const before = performance.now();
  match(pattern, text);
  return performance.now() - before > MOST_MS;
}

/** How often a slow match is measured again: each measurement may include garbage collection and compilation. */
const MEASUREMENTS = 5;

const isSlow = (pattern: RegExp, text: string): boolean =>
  seemsSlow(pattern, text) &&
  Array.from({ length: MEASUREMENTS }).every(() => matchingMs(pattern, text) > MOST_MS);

/** The first attack for which the time grows faster than the length, with that length. */
function findSlowness(source: string, flags: string): (Attack & { length: number }) | undefined {
  const pattern = new RegExp(source, flags);
  for (const attack of attacksOn(source, flags)) {
    const length = LENGTHS.find((one) => isSlow(pattern, textOf(attack, one)));
    if (length !== undefined) return { ...attack, length };
  }
  return undefined;
}

describe('Regular expressions of apps/ and libs/', () => {
  const { patterns: all, open } = collectPatterns(ROOT, ['apps', 'libs']);
  /** Without those that also stand elsewhere. */
  const patterns = [...new Map(all.map((one) => [`${one.flags} ${one.source}`, one])).values()];

  it('are all found, also those composed of constants', () => {
    expect(patterns.length).toBeGreaterThan(100);
    expect(patterns).toContainEqual(
      expect.objectContaining({ source: expect.stringMatching(/^\^\[\+-\]\?P.*T.*S\)\?\)\?\$$/) as string }),
    );
    expect(open).toEqual(OF_THE_HOST);
  });

  it.each(patterns)('match in linear time by static analysis: $where', ({ source, flags }) => {
    const { reports } = analyse({ source, flags });
    // A sticky pattern is not tried again at the next character.
    const relevant = reports.filter(({ type }) => type !== 'Move' || !flags.includes('y'));
    expect(relevant.map(({ type, character }) => `${type}: ${character.literal.source}`)).toEqual([]);
  });

  it.each(patterns)('match attack texts in linear time: $where', ({ source, flags }) => {
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
  ])('reports what makes %s slow', (source) => {
    expect(findSlowness(source, '')).toBeDefined();
  });
});
