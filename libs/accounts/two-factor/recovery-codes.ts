import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { RECOVERY_CODES } from '../model';

/** Letters and digits that are not mistaken for each other: no i, l, o, 0 and 1. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 12;

/** New recovery codes in groups of four, such as `abcd-efgh-jkmn`: 59 random bits each. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    return code.replaceAll(/(.{4})(?=.)/g, '$1-');
  });

/** A random code of six digits. */
export const newMailCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** The stored hash of a code, keyed, because short codes could be guessed from a plain hash. */
export function hashCode(code: string, key: Buffer, salt = randomBytes(8).toString('base64url')): string {
  const digest = createHmac('sha256', key).update(`${salt}:${code}`).digest('base64url');
  return `${salt}:${digest}`;
}

/** Whether a stored hash is that of this code. */
export const isHashOf = (stored: string, code: string, key: Buffer): boolean =>
  stored === hashCode(code, key, stored.split(':')[0]);
