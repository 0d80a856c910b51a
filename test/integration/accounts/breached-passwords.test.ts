import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBreached } from '../../../libs/accounts/passwords/breached-passwords';

const sha1 = (password: string): string => createHash('sha1').update(password).digest('hex').toUpperCase();

describe('isBreached', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breached-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const listOf = (
    passwords: string[],
    format: { end?: string; last?: string; lower?: boolean } = {},
  ): string => {
    const { end = '\r\n', lower = false } = format;
    const last = format.last ?? end;
    const lines = passwords.map((password, i) => `${sha1(password)}:${10 ** (i % 9)}`).sort();
    const text = lines.join(end) + (lines.length > 0 ? last : '');
    const path = join(folder, 'list.txt');
    writeFileSync(path, lower ? text.toLowerCase() : text);
    return path;
  };
  const passwords = (count: number) => Array.from({ length: count }, (_, i) => `password ${i}`);

  it.each([1, 2, 3, 10, 1000])('finds each of %i passwords, and no other', async (count) => {
    const path = listOf(passwords(count));
    for (const password of passwords(count))
      expect([password, await isBreached(password, path)]).toEqual([password, true]);
    for (let i = 0; i < 100; i++) expect(await isBreached(`other ${i}`, path)).toBe(false);
  });

  it.each([
    ['ends of lines of Unix', { end: '\n' }],
    ['no end of the last line', { last: '' }],
    ['lower case', { lower: true }],
  ])('reads lists with %s', async (_what, format) => {
    const path = listOf(passwords(50), format);
    for (const password of passwords(50)) expect(await isBreached(password, path)).toBe(true);
    for (let i = 0; i < 50; i++) expect(await isBreached(`other ${i}`, path)).toBe(false);
  });

  it('finds nothing in an empty list', async () => {
    expect(await isBreached('password', listOf([]))).toBe(false);
  });

  it('refuses files of another format', async () => {
    const path = join(folder, 'other.txt');
    writeFileSync(path, 'password\n'.repeat(1000));
    await expect(isBreached('password', path)).rejects.toThrow('no line "<SHA-1>:<count>"');
    writeFileSync(path, 'x'.repeat(10_000));
    await expect(isBreached('password', path)).rejects.toThrow('no line "<SHA-1>:<count>"');
    await expect(isBreached('password', join(folder, 'missing.txt'))).rejects.toThrow('ENOENT');
  });
});
