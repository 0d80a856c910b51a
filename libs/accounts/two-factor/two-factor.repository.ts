import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { TwoFactorPolicy } from '../model';
import { TwoFactor } from './two-factor.entity';

type Changes = Partial<Omit<TwoFactor, 'userId' | 'user'>>;

@Injectable()
export class TwoFactorRepository {
  constructor(private readonly transactions: Transactions) {}

  find(userId: number): Promise<TwoFactor | null> {
    return this.factors.findOneBy({ userId });
  }

  /** The row of a user, which is created if necessary, and locked until the current transaction ends. */
  async lock(userId: number): Promise<TwoFactor> {
    await this.transactions.query('INSERT INTO two_factor (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [
      userId,
    ]);
    await this.transactions.query('SELECT FROM two_factor WHERE user_id = $1 FOR UPDATE', [userId]);
    return this.factors.findOneByOrFail({ userId });
  }

  async update(userId: number, changes: Changes): Promise<void> {
    await this.factors.update({ userId }, changes);
  }

  /** @returns whether the user had set up an app */
  async delete(userId: number): Promise<boolean> {
    const [rows] = await this.transactions.query<{ had: boolean }[]>(
      'DELETE FROM two_factor WHERE user_id = $1 RETURNING confirmed_at IS NOT NULL AS had',
      [userId],
    );
    return rows?.[0]?.had === true;
  }

  /** The policy of the account of a user. */
  async findPolicy(userId: number): Promise<TwoFactorPolicy> {
    const [row] = await this.transactions.select<{ policy: TwoFactorPolicy }>(
      `SELECT account.two_factor AS policy FROM fm_user JOIN account ON account.id = fm_user.account_id
       WHERE fm_user.id = $1`,
      [userId],
    );
    return row?.policy ?? 'off';
  }

  private get factors() {
    return this.transactions.manager.getRepository(TwoFactor);
  }
}
