import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { ADVISORY_LOCKS, PREPARED, Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { NewJob } from './jobs.repository';

type Owner = Pick<NewJob, 'accountId' | 'userId'>;

/** Limits how many jobs that were asked for are open, that is waiting or running, per account and per user. */
@Injectable()
export class JobLimits {
  constructor(
    private readonly transactions: Transactions,
    @Inject(SETTINGS)
    private readonly settings: Pick<Settings, 'maxOpenJobsPerAccount' | 'maxOpenJobsPerUser'>,
  ) {}

  /** Until the transaction ends, other transactions that lock the account wait. So they see its new job. */
  async lock({ accountId }: Owner): Promise<void> {
    await this.transactions.query('SELECT pg_advisory_xact_lock($1, $2)', [
      ADVISORY_LOCKS.openJobs,
      accountId,
    ]);
  }

  /** @throws DomainError TOO_MANY_JOBS if the account or the user has more open jobs than allowed */
  async check({ accountId, userId }: Owner): Promise<void> {
    const { maxOpenJobsPerAccount, maxOpenJobsPerUser } = this.settings;
    const [open] = await this.transactions.query<{ account: number; user: number }>(
      `/* ${PREPARED} */ SELECT count(*)::int AS account, (count(*) FILTER (WHERE user_id = $2))::int AS user FROM job
       WHERE account_id = $1 AND is_limited AND state IN ('queued', 'started')`,
      [accountId, userId],
    );
    assertBelow(open!.user, maxOpenJobsPerUser, 'You have');
    assertBelow(open!.account, maxOpenJobsPerAccount, 'The account has');
  }
}

function assertBelow(open: number, maximum: number | null, who: string): void {
  if (maximum === null || open <= maximum) return;
  const jobs = `${maximum} ${maximum === 1 ? 'job' : 'jobs'} waiting or running`;
  const message = `${who} ${jobs}, and no more are accepted. Try again when some have ended.`;
  throw new DomainError('TOO_MANY_JOBS', message);
}
