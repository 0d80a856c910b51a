import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { FairSemaphore, QueueFullError } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { passwordPepper } from './secrets';

const ROUNDS = 12;

/** A hash of no password: comparing with it takes as long as comparing with that of a user. */
const NOBODYS_HASH = '$2b$12$CwTycUXWue0Thq9StjUM0uJ8.4gqv3R2cCqVdLvCqVdLvCqVdLvCq';

const BUSY = 'Too many passwords are being checked now. Try again in a few seconds.';

/**
 * One hash takes about a quarter of a second of a core. bcrypt keeps a thread busy, and Node has four, which files and
 * look-ups of names need too.
 */
const LIMITS = { capacity: 2, maxWaiting: 100, maxWaitingPerKey: 50 };

/**
 * Hashes passwords with bcrypt, peppered so that the database alone does not suffice to guess them. What has to wait
 * does so in a line per client, and the lines take turns.
 */
@Injectable()
export class Passwords {
  private readonly semaphore = new FairSemaphore(LIMITS);

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /**
   * @param client whose line to wait in, such as a network address
   * @throws DomainError TOO_BUSY
   */
  async hash(password: string, client: string): Promise<string> {
    const { hash } = await import('bcrypt');
    return this.inTurn(client, () => hash(this.peppered(password), ROUNDS));
  }

  /**
   * Takes equally long whether or not there is a hash to compare with.
   * @param client whose line to wait in, such as a network address
   * @throws DomainError TOO_BUSY
   */
  async matches(password: string, hashed: string | undefined, client: string): Promise<boolean> {
    const { compare } = await import('bcrypt');
    const isSame = await this.inTurn(client, () => compare(this.peppered(password), hashed ?? NOBODYS_HASH));
    return isSame && hashed !== undefined;
  }

  private inTurn<T>(client: string, work: () => Promise<T>): Promise<T> {
    return this.semaphore.run(client, work).catch((error: unknown) => {
      throw error instanceof QueueFullError ? new DomainError('TOO_BUSY', BUSY) : error;
    });
  }

  /** bcrypt reads 72 bytes at most: the keyed digest keeps every character of longer passwords significant. */
  private peppered(password: string): string {
    return createHmac('sha512', passwordPepper(this.settings)).update(password).digest('base64').slice(0, 72);
  }
}
