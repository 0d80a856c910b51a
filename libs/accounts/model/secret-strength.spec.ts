import { randomBytes } from 'node:crypto';
import { findKeyWeakness } from './secret-strength';

describe('findKeyWeakness', () => {
  it.each([
    ['', 'it has 0 characters'],
    ['dev', 'it has 3 characters'],
    ['x7Kq-2mVb9', 'it has 10 characters, fewer than 32'],
    ['something-secret', 'it looks like a placeholder'],
    ['CHANGE_ME_change_me_CHANGE_ME_change_me', 'it looks like a placeholder'],
    ['django-insecure-#x3@k1!qz8w5e0r7t2y9u4i6', 'it looks like a placeholder'],
    ['a-string-secret-at-least-256-bits-long', 'it is published in a tutorial'],
    ['192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf', 'it is published in a tutorial'],
    ['0'.repeat(64), 'it has fewer than 8 different characters'],
    ['3f9a1c7e5b'.repeat(4), 'it repeats a short sequence'],
    ['3f9a1c7e5b'.repeat(4).slice(0, 35), 'it repeats a short sequence'],
    ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 'it is a sequence of characters'],
  ])('finds for the key %j that %s', (key, weakness) => {
    expect(findKeyWeakness(key)).toContain(weakness);
  });

  it.each(['hex', 'base64', 'base64url'] as const)('finds no weakness in random keys in %s', (encoding) => {
    for (let i = 0; i < 200; i++) {
      expect(findKeyWeakness(randomBytes(24).toString(encoding))).toBeUndefined();
      expect(findKeyWeakness(randomBytes(32).toString(encoding))).toBeUndefined();
    }
  });
});
