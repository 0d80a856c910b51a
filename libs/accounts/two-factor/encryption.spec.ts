import { randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './encryption';

describe('encrypt', () => {
  const key = randomBytes(32);

  it('is undone by decrypt with the same key and context only', () => {
    const stored = encrypt('a secret', key, 'user 1');
    expect(stored.includes('a secret')).toBe(false);
    expect(decrypt(stored, key, 'user 1')).toBe('a secret');
    expect(decrypt(stored, key, 'user 2')).toBeUndefined();
    expect(decrypt(stored, randomBytes(32), 'user 1')).toBeUndefined();
    stored[stored.length - 1]! ^= 1;
    expect(decrypt(stored, key, 'user 1')).toBeUndefined();
    expect(decrypt(Buffer.alloc(3), key, 'user 1')).toBeUndefined();
  });

  it('gives another result each time', () => {
    expect(encrypt('a', key, '')).not.toEqual(encrypt('a', key, ''));
  });
});
