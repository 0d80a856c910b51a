import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { CLOCK, type Clock } from '#lib/time';
import type { StoredAnswer } from './stored-answer.entity';
import { StoredAnswersRepository } from './stored-answers.repository';

/** A request with an idempotency key of its user. */
export type KeyedRequest = Pick<StoredAnswer, 'userId' | 'keyHash' | 'requestHash'>;

/** An answer, and whether it is the one to an earlier request. */
export interface IdempotentAnswer {
  answer: Buffer;
  isReplay: boolean;
}

/**
 * Carries out requests once. The answer is stored in the transaction of the change: after a crash, either both are there or
 * none. Errors are not stored, so that a request can be repeated after them.
 */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly answers: StoredAnswersRepository,
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'idempotencyTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The answer to an earlier equal request, if there is one. @throws DomainError IDEMPOTENCY_KEY_REUSED for another request */
  async find({ requestHash, ...key }: KeyedRequest): Promise<Buffer | undefined> {
    const stored = await this.answers.find(key, this.oldest);
    if (stored && !stored.requestHash.equals(requestHash))
      throw new DomainError(
        'IDEMPOTENCY_KEY_REUSED',
        'The Idempotency-Key was used for another request. Send another key.',
      );
    return stored?.answer;
  }

  /**
   * Carries out a request, in one transaction with the storing of its answer.
   * @param work returns the answer
   * @throws DomainError IDEMPOTENCY_KEY_IN_USE while a request with the key is carried out, IDEMPOTENCY_KEY_REUSED; and what
   *   `work` throws
   */
  run(request: KeyedRequest, work: () => Promise<Buffer>): Promise<IdempotentAnswer> {
    return this.transactions.run(async () => {
      if (!(await this.answers.tryLock(request)))
        throw new DomainError(
          'IDEMPOTENCY_KEY_IN_USE',
          'A request with this Idempotency-Key is being carried out. Try again later.',
        );
      // Only now, because another transaction may have stored it before it gave up the lock.
      const known = await this.find(request);
      if (known) return { answer: known, isReplay: true };
      const answer = await work();
      await this.answers.store({ ...request, answer, createdAt: new Date(this.clock.now()) });
      return { answer, isReplay: false };
    });
  }

  /** Deletes answers that are no longer repeated. */
  deleteExpired(): Promise<void> {
    return this.answers.deleteBefore(this.oldest);
  }

  private get oldest(): Date {
    return new Date(this.clock.now() - this.settings.idempotencyTtlMs);
  }
}
