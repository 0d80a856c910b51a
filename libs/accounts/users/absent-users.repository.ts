import { Inject, Injectable } from '@nestjs/common';
import { shiftedNow, Transactions } from '#lib/database';
import { CLOCK, type Clock } from '#lib/time';

/** Which users are expected to send requests. Without a role, users with any role. */
export interface ExpectedUsers {
  accountRole?: string;
  userRole?: string;
}

/** An active user who has not been seen for some time. */
export interface AbsentUser {
  username: string;
  email: string;
  account: string;
  /** null: never seen. */
  lastSeenAt: Date | null;
}

/** Finds users who do not send requests any more. */
@Injectable()
export class AbsentUsersRepository {
  constructor(
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Active users who were last seen longer ago than this, or never; the latter come first. */
  find(longerThanMs: number, { accountRole, userRole }: ExpectedUsers): Promise<AbsentUser[]> {
    return this.transactions.query<AbsentUser>(
      `SELECT username, email, account.name AS account, last_seen_at AS "lastSeenAt"
       FROM fm_user JOIN account ON account.id = account_id
       WHERE active AND coalesce(last_seen_at < ${shiftedNow('$4')} - $1 * interval '1 ms', true)
         AND ($2::text IS NULL OR EXISTS (SELECT FROM roles_accounts JOIN account_role ON account_role.id = role_id
           WHERE roles_accounts.account_id = account.id AND account_role.name = $2))
         AND ($3::text IS NULL OR EXISTS (SELECT FROM roles_users JOIN role ON role.id = role_id
           WHERE user_id = fm_user.id AND role.name = $3))
       ORDER BY last_seen_at NULLS FIRST, fm_user.id`,
      [longerThanMs, accountRole ?? null, userRole ?? null, this.clock.offsetMs],
    );
  }
}
