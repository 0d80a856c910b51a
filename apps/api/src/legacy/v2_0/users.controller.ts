import { Get, Ip, Patch, Req } from '@nestjs/common';
import type { Request } from 'express';
import {
  AccountsService,
  PasswordResets,
  UserManagement,
  UsersService,
  type User as UserEntity,
} from '#lib/accounts';
import {
  accountRules,
  passwordRules,
  userRules,
  type AccessRules,
  type Permission,
  type Requester,
} from '#lib/accounts/model';
import { requirePermission, User } from '../../http/auth/permissions/permission.guard';
import { networkOf } from '../../http/auth/throttle/network';
import { IgnoresBody } from '../../http/bodies/body-limits';
import { rejected } from '../../http/errors/api-error';
import { ServerUrl } from '../../http/headers/server-url';
import { validateFields } from '../../http/schema/validation';
import { UserPatch } from '../../v3/users/users.dto';
import { toUserPatchResponse, toUserResponse } from '../../v3/users/users.mapper';
import { LegacyController } from '../endpoints/legacy-endpoint';
import { readMessage } from '../messages/message';
import { flagInQuery, idInQuery, idOf } from './parameters';
import { V2_0 } from './v2_0';

/** Fields of users that can be changed; others are ignored. */
const CHANGEABLE = ['email', 'username', 'active', 'timezone', 'flexmeasures_roles'];

/** Who may read a user: the user, and those who may change the user. Members can list the users of their account. */
const readingRules = (user: UserEntity): AccessRules => ({ read: userRules(user).update });

/** Users of version 2.0. */
@LegacyController(V2_0)
export class LegacyUsersController {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
    private readonly management: UserManagement,
    private readonly passwords: PasswordResets,
    private readonly serverUrl: ServerUrl,
  ) {}

  @Get('users')
  async list(@Req() request: Request, @User() requester: Requester) {
    const account = await this.accounts.get(idInQuery(request, 'account_id') ?? requester.accountId);
    requirePermission(requester, 'read', accountRules(account));
    const includeInactive = flagInQuery(request, 'include_inactive');
    const { items } = await this.users.page(account.id, { includeInactive, terms: [] });
    return items.map(toUserResponse);
  }

  @Get('user/:id')
  async get(@Req() request: Request, @User() requester: Requester) {
    const user = await this.find(idOf(request), 'read', readingRules, requester);
    return { ...toUserResponse(user), status: 200 };
  }

  @Patch('user/:id')
  async update(@Req() request: Request, @User() requester: Requester) {
    const { id } = await this.find(idOf(request), 'update', userRules, requester);
    const given = Object.entries(readMessage(request)).filter(([name]) => CHANGEABLE.includes(name));
    const fields = await validateFields(UserPatch, Object.fromEntries(given));
    const { flexmeasures_roles: roleIds, ...rest } = fields;
    const linkTo = this.serverUrl.emailConfirmationLink;
    return toUserPatchResponse(await this.management.update(id, { ...rest, roleIds }, requester, linkTo));
  }

  @Patch('user/:id/password-reset')
  @IgnoresBody()
  async resetPassword(@Req() request: Request, @User() requester: Requester, @Ip() address: string) {
    const { id } = await this.find(idOf(request), 'update', passwordRules, requester);
    await this.passwords.reset(id, this.serverUrl.passwordResetLink, networkOf(address));
    return { status: 200 };
  }

  private async find(
    id: number,
    permission: Permission,
    rulesOf: (user: UserEntity) => AccessRules,
    requester: Requester,
  ): Promise<UserEntity> {
    const user = await this.users.findById(id);
    if (!user) throw rejected(404, 'NOT_FOUND', `User ${id} was not found.`);
    requirePermission(requester, permission, rulesOf(user));
    return user;
  }
}
