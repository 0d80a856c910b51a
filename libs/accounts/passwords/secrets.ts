import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { createWholeFile } from '#lib/files';
import { MIN_KEY_LENGTH } from '../model/secret-strength';

/**
 * The key that signs tokens: SECRET_KEY, or a key that is generated once and stored in the home folder.
 * @throws ConfigError if the generated key cannot be stored, or if its file is truncated
 */
export function secretKey(settings: Settings): string {
  return settings.secretKey ?? getGeneratedKey(join(settings.home, 'secret_key'), settings.home);
}

/** Derives a key per purpose, so that a signature for one purpose is invalid for the others. */
export function deriveKey(
  purpose:
    | 'csrf'
    | 'email-change'
    | 'idempotent-answer'
    | 'login-stand-in'
    | 'password-reset'
    | 'second-factor'
    | 'session'
    | 'two-factor-code'
    | 'two-factor-secret',
  settings: Settings,
): Buffer {
  return createHmac('sha256', secretKey(settings)).update(purpose).digest();
}

/**
 * The pepper for password hashes: a text, or the exact bytes of a file.
 * @throws ConfigError if the file cannot be read, or is empty
 */
export function passwordPepper(settings: Settings): string | Buffer {
  const file = settings.passwordSaltFile;
  if (file === undefined) return settings.passwordSalt ?? secretKey(settings);
  try {
    const bytes = readFileSync(file);
    if (bytes.length > 0) return bytes;
  } catch (error) {
    throw new ConfigError('SECURITY_PASSWORD_SALT_FILE', `it cannot be read (${errorMessage(error)})`);
  }
  throw new ConfigError('SECURITY_PASSWORD_SALT_FILE', `the file ${file} is empty`);
}

function getGeneratedKey(file: string, home: string): string {
  const key = readKeyFile(file) ?? createKeyFile(file, home);
  if (key.length >= MIN_KEY_LENGTH) return key;
  throw new ConfigError(
    'SECRET_KEY',
    `it is not set, and the generated key in the file ${file} has ${key.length} characters instead of at least ` +
      `${MIN_KEY_LENGTH}. Restore the file from a backup. If the file never had a complete key, for example because the ` +
      'disk was full at the first start, remove it: the next start generates a new key.',
  );
}

/** If several processes start for the first time at once, all of them use the key of the first one. */
function createKeyFile(file: string, home: string): string {
  try {
    mkdirSync(home, { recursive: true });
    createWholeFile(file, randomBytes(32).toString('base64url'));
  } catch (error) {
    const reason = errorMessage(error);
    throw new ConfigError(
      'SECRET_KEY',
      `it is not set, and a generated key cannot be stored in ${file} (${reason})`,
    );
  }
  return readKeyFile(file) ?? '';
}

function readKeyFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
