import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Settings } from '#lib/config';
import { createWholeFile } from '#lib/files';
import { MIN_KEY_LENGTH } from '../model/secret-strength';

/**
 * What signs tokens: SECRET_KEY, or else a secret made once for this machine.
 * @throws ConfigError when that cannot be kept, or is not whole
 */
export function secretKey(settings: Settings): string {
  return settings.secretKey ?? generatedSecret(join(settings.home, 'secret_key'), settings.home);
}

/** A key of its own for each purpose, so that what is signed for one is worth nothing for another. */
export function keyFor(purpose: 'csrf' | 'password-reset' | 'session', settings: Settings): Buffer {
  return createHmac('sha256', secretKey(settings)).update(purpose).digest();
}

/** What peppers passwords. */
export function passwordPepper(settings: Settings): string {
  return settings.passwordSalt ?? secretKey(settings);
}

function generatedSecret(file: string, home: string): string {
  const key = keptKey(file) ?? makeKey(file, home);
  if (key.length >= MIN_KEY_LENGTH) return key;
  throw new ConfigError(
    'SECRET_KEY',
    `it is not set, and the file ${file}, which keeps the key that was made at the first start, holds ` +
      `${key.length} characters instead of ${MIN_KEY_LENGTH} or more. Restore the file from a backup. If there never ` +
      'was a whole key in it, as after a first start on a full disk, remove it: the next start makes another one.',
  );
}

/** Several processes may start for the first time at once: the first one's key is everybody's. */
function makeKey(file: string, home: string): string {
  try {
    mkdirSync(home, { recursive: true });
    createWholeFile(file, randomBytes(32).toString('base64url'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError('SECRET_KEY', `it is not set, and a key cannot be kept in ${file} (${reason})`);
  }
  return keptKey(file) ?? '';
}

function keptKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
