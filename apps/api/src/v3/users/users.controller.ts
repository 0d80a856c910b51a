import { Body, Controller, Get, Ip, Patch, Query, Req } from '@nestjs/common';
import {
  PasswordResets,
  UserManagement,
  UsersService,
  type Account,
  type User as UserEntity,
} from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { networkOf } from '../../http/auth/throttle/network';
import {
  RequiresPermission,
  Resource,
  User,
  type AuthorizedRequest,
} from '../../http/auth/permissions/permission.guard';
import { listingOf } from '../../http/paging/list-query.dto';
import { Paginated, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { ServerUrl } from '../../http/server/server-url';
import { Ok, UserAnswer, UserListQuery, UserPatch, User as UserShown } from './users.dto';
import { toUserResponse } from './users.mapper';

@Controller('api/v3_0/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly management: UserManagement,
    private readonly passwords: PasswordResets,
    private readonly ownAddress: ServerUrl,
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
  @Operation('updateUser', { answer: UserAnswer, errors: [403, 404, 422] })
  @RequiresPermission('update', 'user')
  async update(
    @Resource() { id }: UserEntity,
    @Body(validationPipe('json')) body: UserPatch,
    @User() requester: Requester,
  ) {
    const { flexmeasures_roles: roleIds, ...rest } = body;
    const changed = await this.management.update(id, { ...rest, roleIds }, requester);
    return { ...toUserResponse(changed), status: 200 };
  }

  @Patch(':id/password-reset')
  @Operation('resetUserPassword', { answer: Ok, errors: [403, 404, 422] })
  @RequiresPermission('update', 'password-of-user')
  async resetPassword(
    @Resource() { id }: UserEntity,
    @Req() request: AuthorizedRequest,
    @Ip() address: string,
  ) {
    const linkTo = this.ownAddress.passwordResetLink(request, { mayChangePassword: true });
    await this.passwords.reset(id, linkTo, networkOf(address));
    return { status: 200 };
  }
}
