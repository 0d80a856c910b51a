import { Injectable } from '@nestjs/common';
import { AccountsService, type User } from '#lib/accounts';
import { canManage, isAllowed, passwordRules } from '#lib/accounts/model';
import { AssetLists } from '#lib/assets';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** The names of a user's roles. */
export const roleNames = ({ roles }: User): string =>
  roles
    .map(({ name }) => name)
    .sort()
    .join(', ');

/** What the page of a user shows. */
@Injectable()
export class UserContent {
  constructor(
    private readonly accounts: AccountsService,
    private readonly assets: AssetLists,
  ) {}

  /** @param viewer who can read the user */
  async of(user: User, viewer: ApiUser) {
    const account = await this.accounts.get(user.accountId);
    const { total } = await this.assets.list({ accountId: account.id, offset: 0, limit: 1 }, viewer);
    const managed = { id: user.id, accountId: user.accountId, roles: user.roles.map(({ name }) => name) };
    return {
      user_shown: {
        ...{ id: user.id, username: user.username, email: user.email, active: user.active },
        ...{ timezone: user.timezone, roles: roleNames(user), last_login: user.lastLoginAt?.toISOString() },
        account: { id: account.id, name: account.name },
        assets: total,
      },
      can_reset: isAllowed(viewer, 'update', passwordRules(user)),
      can_change_activity: viewer.id !== user.id && canManage(viewer, managed),
    };
  }
}
