import { createHmac } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { FairSemaphore, QueueFullError } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { hasHash, hashWithBcrypt, isCheaper, isKnownHash } from './password-hashes';
import { deriveKey, passwordPepper } from './secrets';

const BCRYPT_ROUNDS = 12;

/**
 * A password as it was typed, then in the Unicode form in which pages of the Python FlexMeasures hash it (its commands hash what
 * was typed). Most passwords have one form only.
 */
const formsOf = (password: string): Set<string> => new Set([password, password.normalize('NFKD')]);

/** A hash that matches no password. Comparing with it takes as long as comparing with one of ours. */
const DUMMY_HASH = '$2b$12$CwTycUXWue0Thq9StjUM0uJ8.4gqv3R2cCqVdLvCqVdLvCqVdLvCq';

const TOO_BUSY_MESSAGE = 'Too many passwords are being checked at the moment. Try again in a few seconds.';

/**
 * One hash takes about 0.25 s of CPU time. bcrypt uses the thread pool of libuv, which has four threads and also serves
 * file access and DNS look-ups.
 */
const LIMITS = { capacity: 2, maxWaiting: 100, maxWaitingPerKey: 50 };

/**
 * Hashes passwords with bcrypt. A pepper, which is not in the database, is added first. Requests that must wait are
 * queued per client, and the queues are served round-robin.
 */
@Injectable()
export class Passwords implements OnModuleInit {
  private readonly semaphore = new FairSemaphore(LIMITS);

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** A file that cannot be read ends the start, not the first login. */
  onModuleInit(): void {
    if (this.settings.passwordSaltFile !== undefined) passwordPepper(this.settings);
  }

  /**
   * @param client selects the queue, for example a network address
   * @throws DomainError TOO_BUSY
   */
  hash(password: string, client: string): Promise<string> {
    return this.runQueued(client, () => hashWithBcrypt(this.addPepper(password), BCRYPT_ROUNDS));
  }

  /**
   * Compares with the stand-in if there is no hash: this takes as long as for a user with a hash of that kind. Hashes of
   * other algorithms than those of `hasHash` match nothing, and take as long as the usual ones.
   * @param client selects the queue, for example a network address
   * @throws DomainError TOO_BUSY
   */
  async matches(
    password: string,
    hashed: string | undefined,
    client: string,
    standIn: string = DUMMY_HASH,
  ): Promise<boolean> {
    const given = hashed ?? (isCheaper(standIn, BCRYPT_ROUNDS) ? DUMMY_HASH : standIn);
    const isKnown = isKnownHash(given);
    for (const form of formsOf(password)) {
      const isSame = await this.runQueued(client, () =>
        hasHash(this.addPepper(form), isKnown ? given : DUMMY_HASH),
      );
      if (isSame) return isKnown && hashed !== undefined;
    }
    return false;
  }

  /** A number from 0 to 1, always the same for an address, from which others cannot tell it. */
  fractionOf(address: string): number {
    const digest = createHmac('sha256', deriveKey('login-stand-in', this.settings)).update(address).digest();
    return digest.readUInt32BE() / 2 ** 32;
  }

  private runQueued<T>(client: string, work: () => Promise<T>): Promise<T> {
    return this.semaphore.run(client, work).catch((error: unknown) => {
      throw error instanceof QueueFullError ? new DomainError('TOO_BUSY', TOO_BUSY_MESSAGE) : error;
    });
  }

  /** bcrypt uses at most 72 bytes. With the keyed digest, all characters of longer passwords count. */
  private addPepper(password: string): string {
    return createHmac('sha512', passwordPepper(this.settings)).update(password).digest('base64');
  }
}
