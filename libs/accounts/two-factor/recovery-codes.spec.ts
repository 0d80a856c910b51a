import { randomBytes } from 'node:crypto';
import { hashCode, isHashOf, newMailCode, newRecoveryCodes } from './recovery-codes';

describe('recovery codes', () => {
  it('are ten different codes in groups of four', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^(?:[a-hjkmnp-z2-9]{4}-){2}[a-hjkmnp-z2-9]{4}$/);
  });

  it('are recognised by their hash with the same key only', () => {
    const key = randomBytes(32);
    const stored = hashCode('abcdefghjkmn', key);
    expect(stored).not.toContain('abcdefghjkmn');
    expect(isHashOf(stored, 'abcdefghjkmn', key)).toBe(true);
    expect(isHashOf(stored, 'abcdefghjkmm', key)).toBe(false);
    expect(isHashOf(stored, 'abcdefghjkmn', randomBytes(32))).toBe(false);
  });

  it('of mails have six digits', () => {
    for (let i = 0; i < 50; i++) expect(newMailCode()).toMatch(/^\d{6}$/);
  });
});
