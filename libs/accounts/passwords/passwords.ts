import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { passwordPepper } from './secrets';
import { Turns } from './turns';

const ROUNDS = 12;

/** A hash of no password: comparing with it takes as long as comparing with that of a user. */
const NOBODYS_HASH = '$2b$12$CwTycUXWue0Thq9StjUM0uJ8.4gqv3R2cCqVdLvCqVdLvCqVdLvCq';

/** Calculations at once. bcrypt keeps a thread busy, and Node has four, which files and look-ups of names need too. */
const AT_ONCE = 2;

/** Hashes passwords with bcrypt, peppered so that the database alone does not suffice to guess them. */
@Injectable()
export class Passwords {
  private readonly turns = new Turns(AT_ONCE);

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async hash(password: string): Promise<string> {
    const { hash } = await import('bcrypt');
    return this.turns.run(() => hash(this.peppered(password), ROUNDS));
  }

  /** Takes equally long whether or not there is a hash to compare with. */
  async matches(password: string, hashed: string | undefined): Promise<boolean> {
    const { compare } = await import('bcrypt');
    const isSame = await this.turns.run(() => compare(this.peppered(password), hashed ?? NOBODYS_HASH));
    return isSame && hashed !== undefined;
  }

  /** bcrypt reads 72 bytes at most: the keyed digest keeps every character of longer passwords significant. */
  private peppered(password: string): string {
    return createHmac('sha512', passwordPepper(this.settings)).update(password).digest('base64').slice(0, 72);
  }
}
