import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#lib/config';

/** What signs tokens: SECRET_KEY, or else a secret made once for this machine. */
export function secretKey(settings: Settings): string {
  return settings.secretKey ?? generatedSecret(settings.home);
}

/** A key of its own for each purpose, so that what is signed for one is worth nothing for another. */
export function keyFor(purpose: 'csrf' | 'password-reset' | 'session', settings: Settings): Buffer {
  return createHmac('sha256', secretKey(settings)).update(purpose).digest();
}

/** What peppers passwords. */
export function passwordPepper(settings: Settings): string {
  return settings.passwordSalt ?? secretKey(settings);
}

function generatedSecret(home: string): string {
  const file = join(home, 'secret_key');
  if (!existsSync(file)) {
    mkdirSync(home, { recursive: true });
    try {
      writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // otherwise another process was faster
    }
  }
  return readFileSync(file, 'utf8').trim();
}
