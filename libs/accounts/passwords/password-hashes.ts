import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** bcrypt uses at most 72 bytes. */
const BCRYPT_BYTES = 72;

const ARGON2 = /^\$argon2(?:id|i|d)\$/;
/** As the library for bcrypt accepts them; it refuses others at once. */
const BCRYPT = /^\$2[ab]\$\d\d\$[\w./]{53}$/;
/** As passlib writes them: rounds, salt and checksum, in base 64 with `.` for `+` and without `=`. */
const PBKDF2 =
  /^\$pbkdf2-(?<digest>sha256|sha512)\$(?<rounds>\d{1,9})\$(?<salt>[\w./]+)\$(?<checksum>[\w./]+)$/;

const derive = promisify(pbkdf2);

/** Hashes with bcrypt. */
export async function hashWithBcrypt(text: string, rounds: number): Promise<string> {
  const { hash } = await import('bcrypt');
  return hash(text.slice(0, BCRYPT_BYTES), rounds);
}

/** Whether a hash takes less time than those of bcrypt with so many rounds that we make. */
export const isCheaper = (hashed: string, rounds: number): boolean =>
  BCRYPT.test(hashed) && Number(hashed.slice(4, 6)) < rounds;

/** Whether a text can be compared with this hash: of bcrypt, or of another algorithm of the Python version. */
export const isKnownHash = (hashed: string): boolean =>
  [BCRYPT, ARGON2, PBKDF2].some((pattern) => pattern.test(hashed));

/** Whether a text has this hash, of bcrypt, argon2 or PBKDF2. */
export async function hasHash(text: string, hashed: string): Promise<boolean> {
  if (ARGON2.test(hashed)) {
    const { verify } = await import('argon2');
    return verify(hashed, text).catch(() => false);
  }
  const { digest, rounds, salt, checksum } = PBKDF2.exec(hashed)?.groups ?? {};
  if (digest !== undefined) {
    const expected = fromAdapted(checksum!);
    const derived = await derive(text, fromAdapted(salt!), Number(rounds), expected.length, digest);
    return timingSafeEqual(derived, expected);
  }
  const { compare } = await import('bcrypt');
  return compare(text.slice(0, BCRYPT_BYTES), hashed);
}

const fromAdapted = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
