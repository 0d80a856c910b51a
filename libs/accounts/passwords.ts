import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';

const ROUNDS = 12;

/** Hashes passwords with bcrypt, peppered so that the database alone does not suffice to guess them. */
@Injectable()
export class Passwords {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async hash(password: string): Promise<string> {
    const { hash } = await import('bcrypt');
    return hash(this.peppered(password), ROUNDS);
  }

  async matches(password: string, hashed: string): Promise<boolean> {
    const { compare } = await import('bcrypt');
    return compare(this.peppered(password), hashed);
  }

  /** bcrypt reads 72 bytes at most: the keyed digest keeps every character of longer passwords significant. */
  private peppered(password: string): string {
    return createHmac('sha512', this.pepper()).update(password).digest('base64').slice(0, 72);
  }

  private pepper(): string {
    return this.settings.passwordSalt ?? this.settings.secretKey ?? generatedSecret(this.settings.home);
  }
}

/** The secret that stands in for SECRET_KEY on a machine where none is set; made once, kept in the home folder. */
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
