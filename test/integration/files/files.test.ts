import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWholeFile, replaceWholeFile, withFileLock } from '#lib/files';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'flexmeasures-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('createWholeFile', () => {
  it('creates a file that only its owner can read, and no other file', () => {
    const path = join(folder, 'key');
    expect(createWholeFile(path, 'abc')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('abc');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it('does not change an existing file', () => {
    const path = join(folder, 'key');
    writeFileSync(path, '');
    expect(createWholeFile(path, 'abc')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it('leaves no file when it fails', () => {
    expect(() => createWholeFile(join(folder, 'none', 'key'), 'abc')).toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('replaceWholeFile', () => {
  it('replaces the existing file', () => {
    const path = join(folder, 'password');
    writeFileSync(path, 'old', { mode: 0o644 });
    replaceWholeFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['password']);
  });
});

describe('withFileLock', () => {
  const lock = (): string => join(folder, 'lock');

  /** Runs functions with the lock. @returns how many of them ran at the same time, at most */
  async function maxConcurrent(count: number): Promise<number> {
    let [atIt, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++atIt);
      await sleep(5);
      atIt--;
    };
    await Promise.all(Array.from({ length: count }, () => withFileLock(lock(), work)));
    return most;
  }

  it('runs one function at a time, and leaves no file', async () => {
    expect(await maxConcurrent(10)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('returns the result of the function, and releases the lock when it fails', async () => {
    await expect(withFileLock(lock(), () => Promise.resolve(5))).resolves.toBe(5);
    await expect(withFileLock(lock(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'a process that died',
      () => writeFileSync(lock(), `${spawnSync(process.execPath, ['-e', '']).pid} 0a1b2c`),
    ],
    ['an earlier process with the same id', () => writeFileSync(lock(), `${process.pid} 0a1b2c`)],
    ['a machine that lost its power', () => writeFileSync(lock(), '')],
    ['an earlier version', () => mkdirSync(lock())],
  ])('takes over what was left by %s, one at a time', async (_who, leave) => {
    leave();
    expect(await maxConcurrent(5)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('waits for a running process', async () => {
    writeFileSync(lock(), `${process.ppid} 0a1b2c`);
    let isDone = false;
    const waiting = withFileLock(lock(), () => Promise.resolve((isDone = true)));
    await sleep(300);
    expect(isDone).toBe(false);
    rmSync(lock());
    await waiting;
    expect(isDone).toBe(true);
  });
});
