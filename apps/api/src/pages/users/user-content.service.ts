import { Injectable } from '@nestjs/common';
import { AccountsService, TwoFactorService, UsersService, type User } from '#lib/accounts';
import {
  canGrantRole,
  canManage,
  isAllowed,
  passwordRules,
  twoFactorRules,
  userRules,
} from '#lib/accounts/model';
import { AssetLists } from '#lib/assets';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** The names of a user's roles. */
export const roleNames = ({ roles }: User): string =>
  roles
    .map(({ name }) => name)
    .sort()
    .join(', ');

/** A role as a choice of a form. */
export interface RoleChoice {
  id: number;
  name: string;
  description: string;
  isGiven: boolean;
  /** Whether the viewer may neither give nor take it. */
  isFixed: boolean;
}

/** What the page of a user shows. */
@Injectable()
export class UserContent {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly assets: AssetLists,
    private readonly factors: TwoFactorService,
  ) {}

  /** @param viewer who can read the user */
  async of(user: User, viewer: ApiUser) {
    const account = await this.accounts.get(user.accountId);
    const { total } = await this.assets.list({ accountId: account.id, offset: 0, limit: 1 }, viewer);
    const isManager = managesOther(user, viewer);
    return {
      user_shown: {
        ...{ id: user.id, username: user.username, email: user.email, active: user.active },
        ...{ timezone: user.timezone, roles: roleNames(user), last_login: user.lastLoginAt?.toISOString() },
        account: { id: account.id, name: account.name },
        assets: total,
      },
      second_factor: await this.secondFactorOf(user, viewer),
      can_reset: isAllowed(viewer, 'update', passwordRules(user)),
      can_change_activity: isManager,
      can_update: isAllowed(viewer, 'update', userRules(user)) && (isManager || viewer.id === user.id),
      form: { username: user.username, email: user.email, timezone: user.timezone },
      roles: await this.roleChoices(user, viewer),
    };
  }

  /** The second factor of the user in words; undefined if the viewer may not see it. */
  private async secondFactorOf(user: User, viewer: ApiUser): Promise<string | undefined> {
    if (!isAllowed(viewer, 'read', twoFactorRules(user))) return undefined;
    const { needed } = await this.factors.getState(user.id);
    return needed === undefined ? 'none' : { app: 'codes of an app', mail: 'codes by e-mail' }[needed];
  }

  /** All roles, for those who manage the user; nobody else can change roles, nor anybody the own ones. */
  async roleChoices(user: User, viewer: ApiUser): Promise<RoleChoice[]> {
    if (!managesOther(user, viewer)) return [];
    return (await this.users.listRoles()).map(({ id, name, description }) => ({
      ...{ id, name, description },
      isGiven: user.roles.some((role) => role.id === id),
      isFixed: !canGrantRole(viewer, name, user.accountId),
    }));
  }
}

/** Whether the viewer can change the roles and the activity of a user. */
function managesOther({ id, accountId, roles }: User, viewer: ApiUser): boolean {
  const managed = { id, accountId, roles: roles.map(({ name }) => name) };
  return viewer.id !== id && canManage(viewer, managed);
}
