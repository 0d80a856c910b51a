import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { accountRules, isAllowed, isServerAdmin } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';

const MAX_ACCOUNTS = 1000;

/** The accounts in which a user may create assets. */
@Injectable()
export class AssetOwners {
  constructor(private readonly accounts: AccountsService) {}

  canCreate(user: ApiUser): boolean {
    const own = accountRules({ id: user.accountId });
    return (
      isServerAdmin(user) ||
      isAllowed(user, 'create-children', own) ||
      (user.clientAccountIds ?? []).length > 0
    );
  }

  /** The accounts by name; the own one first, if the user may create assets there. */
  async list(user: ApiUser): Promise<{ id: number; name: string }[]> {
    const { items } = await this.accounts.listReadable(user, { terms: [], offset: 0, limit: MAX_ACCOUNTS });
    return items
      .map(({ account: { id, name } }) => ({ id, name }))
      .filter((account) => isAllowed(user, 'create-children', accountRules(account)))
      .sort((one, other) => Number(other.id === user.accountId) - Number(one.id === user.accountId));
  }
}
