import { Body, Controller, Get, Ip, Patch, Query } from '@nestjs/common';
import {
  PasswordResets,
  UserManagement,
  UsersService,
  type Account,
  type User as UserEntity,
} from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { networkOf } from '../../http/auth/throttle/network';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ServerUrl } from '../../http/headers/server-url';
import { listingOf } from '../../http/paging/list-query.dto';
import { Paginated, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { Ok, UserAnswer, UserListQuery, UserPatch, UserPatchAnswer, User as UserShown } from './users.dto';
import { toUserPatchResponse, toUserResponse } from './users.mapper';

@Controller('api/v3_0/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly management: UserManagement,
    private readonly passwords: PasswordResets,
    private readonly serverUrl: ServerUrl,
  ) {}

  @Get()
  @Operation('listUsers', { answer: [UserShown], headers: PAGINATION_HEADERS, errors: [403, 404, 422] })
  @Paginated()
  @RequiresPermission('read', 'account-of-query')
  async list(@Resource() account: Account, @Query(validationPipe('query')) query: UserListQuery) {
    const { include_inactive: includeInactive = false } = query;
    const found = await this.users.page(account.id, includeInactive, listingOf(query));
    return PagedList.of(found, query, toUserResponse);
  }

  @Get(':id')
  @Operation('getUser', { answer: UserAnswer, errors: [403, 404, 422] })
  @RequiresPermission('read', 'user')
  get(@Resource() user: UserEntity) {
    return { ...toUserResponse(user), status: 200 };
  }

  @Patch(':id')
  @Operation('updateUser', { answer: UserPatchAnswer, errors: [403, 404, 422] })
  @RequiresPermission('update', 'user')
  async update(
    @Resource() { id }: UserEntity,
    @Body(validationPipe('json')) body: UserPatch,
    @User() requester: Requester,
  ) {
    const { flexmeasures_roles: roleIds, ...rest } = body;
    const linkTo = this.serverUrl.emailConfirmationLink;
    return toUserPatchResponse(await this.management.update(id, { ...rest, roleIds }, requester, linkTo));
  }

  @Patch(':id/password-reset')
  @Operation('resetUserPassword', { answer: Ok, errors: [403, 404, 422] })
  @RequiresPermission('update', 'password-of-user')
  async resetPassword(@Resource() { id }: UserEntity, @Ip() address: string) {
    await this.passwords.reset(id, this.serverUrl.passwordResetLink, networkOf(address));
    return { status: 200 };
  }
}
