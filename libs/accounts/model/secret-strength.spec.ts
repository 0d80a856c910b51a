import { randomBytes } from 'node:crypto';
import { weaknessOf } from './secret-strength';

describe('weaknessOf', () => {
  it.each([
    ['', 'has 0 characters'],
    ['dev', 'has 3 characters'],
    ['x7Kq-2mVb9', 'has 10 characters, fewer than 32'],
    ['something-secret', 'reads like a placeholder'],
    ['CHANGE_ME_change_me_CHANGE_ME_change_me', 'reads like a placeholder'],
    ['django-insecure-#x3@k1!qz8w5e0r7t2y9u4i6', 'reads like a placeholder'],
    ['a-string-secret-at-least-256-bits-long', 'stands in a tutorial'],
    ['192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf', 'stands in a tutorial'],
    ['0'.repeat(64), 'has fewer than 8 different characters'],
    ['3f9a1c7e5b'.repeat(4), 'repeats itself'],
    ['3f9a1c7e5b'.repeat(4).slice(0, 35), 'repeats itself'],
    ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 'is a sequence of characters'],
  ])('says of %j that it %s', (key, weakness) => {
    expect(weaknessOf(key)).toContain(weakness);
  });

  it.each(['hex', 'base64', 'base64url'] as const)('finds no fault with random keys in %s', (encoding) => {
    for (let i = 0; i < 200; i++) {
      expect(weaknessOf(randomBytes(24).toString(encoding))).toBeUndefined();
      expect(weaknessOf(randomBytes(32).toString(encoding))).toBeUndefined();
    }
  });
});
