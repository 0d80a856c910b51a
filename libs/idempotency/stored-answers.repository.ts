import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Transactions } from '#lib/database';
import type { StoredAnswer } from './stored-answer.entity';

type Key = Pick<StoredAnswer, 'userId' | 'keyHash'>;

@Injectable()
export class StoredAnswersRepository {
  constructor(private readonly transactions: Transactions) {}

  /** The answer that was stored under a key after this time. */
  async find(
    { userId, keyHash }: Key,
    since: Date,
  ): Promise<Pick<StoredAnswer, 'requestHash' | 'answer'> | undefined> {
    const [row] = await this.transactions.select<Pick<StoredAnswer, 'requestHash' | 'answer'>>(
      `SELECT request_hash AS "requestHash", answer FROM idempotent_answer
       WHERE user_id = $1 AND key_hash = $2 AND created_at > $3`,
      [userId, keyHash, since],
    );
    return row;
  }

  /** Locks a key until the running transaction ends. @returns false if another transaction has locked it */
  async tryLock({ userId, keyHash }: Key): Promise<boolean> {
    const [row] = await this.transactions.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1, $2) AS locked',
      [ADVISORY_LOCKS.idempotencyKeys, keyHash.readInt32BE() ^ userId],
    );
    return row!.locked;
  }

  /** Stores an answer in place of an older one. */
  async store({ userId, keyHash, requestHash, answer, createdAt }: StoredAnswer): Promise<void> {
    await this.transactions.query(
      `INSERT INTO idempotent_answer (user_id, key_hash, request_hash, answer, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, key_hash) DO UPDATE
       SET request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at`,
      [userId, keyHash, requestHash, answer, createdAt],
    );
  }

  async deleteBefore(time: Date): Promise<void> {
    await this.transactions.query('DELETE FROM idempotent_answer WHERE created_at <= $1', [time]);
  }
}
