import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';

/** Requests of a user to a version. */
export interface CountedUse {
  version: string;
  userId: number;
  requests: number;
  lastUsedAt: Date;
}

/** The same, with names. */
export interface ListedUse extends CountedUse {
  username: string;
  account: string;
}

@Injectable()
export class ApiUsageRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Adds counts. Users who were deleted meanwhile are left out. */
  async add(uses: readonly CountedUse[]): Promise<void> {
    await this.transactions.query(
      `INSERT INTO api_version_use (version, user_id, requests, last_used_at)
       SELECT version, user_id, requests, last_used_at
       FROM unnest($1::varchar[], $2::int[], $3::bigint[], $4::timestamptz[]) AS used (version, user_id, requests, last_used_at)
       WHERE EXISTS (SELECT FROM fm_user WHERE id = used.user_id)
       ORDER BY version, user_id
       ON CONFLICT (version, user_id) DO UPDATE SET
         requests = api_version_use.requests + excluded.requests,
         last_used_at = greatest(api_version_use.last_used_at, excluded.last_used_at)`,
      [
        uses.map(({ version }) => version),
        uses.map(({ userId }) => userId),
        uses.map(({ requests }) => requests),
        uses.map(({ lastUsedAt }) => lastUsedAt),
      ],
    );
  }

  /** All counts, by version, the latest first. */
  list(): Promise<ListedUse[]> {
    return this.transactions.select<ListedUse>(
      `SELECT version, user_id AS "userId", requests::float8 AS requests, last_used_at AS "lastUsedAt",
         username, account.name AS account
       FROM api_version_use JOIN fm_user ON fm_user.id = user_id JOIN account ON account.id = account_id
       ORDER BY version, last_used_at DESC, user_id`,
      [],
    );
  }
}
