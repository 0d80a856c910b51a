import { Body, Controller, Get, Ip, Patch, Post, Query } from '@nestjs/common';
import {
  AccountsService,
  PasswordResets,
  UserManagement,
  UsersService,
  type Account,
  type User as UserEntity,
} from '#lib/accounts';
import { accountRules, type Requester } from '#lib/accounts/model';
import { networkOf } from '../../http/auth/throttle/network';
import {
  requirePermission,
  RequiresPermission,
  Resource,
  User,
} from '../../http/auth/permissions/permission.guard';
import { toFieldError } from '../../http/errors/to-field-error';
import { ServerUrl } from '../../http/headers/server-url';
import { Paginated } from '../../http/paging/paged-list';
import { RecordPage } from '../../http/paging/record-page';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import {
  InvitedUser,
  Ok,
  UserAnswer,
  UserListQuery,
  UserPatch,
  UserPatchAnswer,
  UserPost,
  UserRecords,
  User as UserShown,
} from './users.dto';
import { toInvitedUser, toUserListing, toUserPatchResponse, toUserResponse } from './users.mapper';

@Controller('api/v3_0/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
    private readonly management: UserManagement,
    private readonly passwords: PasswordResets,
    private readonly serverUrl: ServerUrl,
  ) {}

  @Get()
  @Operation('listUsers', {
    answer: { oneOf: [[UserShown], UserRecords] },
    headers: PAGINATION_HEADERS,
    errors: [403, 404, 422],
  })
  @Paginated()
  @RequiresPermission('read', 'account-of-query')
  async list(@Resource() account: Account, @Query(validationPipe('query')) query: UserListQuery) {
    const found = await this.users.page(account.id, toUserListing(query));
    return RecordPage.ofRecords(found, query, toUserResponse);
  }

  @Post()
  @AcceptsIdempotencyKey()
  @Operation('createUser', { answer: InvitedUser, status: 201, errors: [403, 422] })
  async create(@Body(validationPipe('json')) body: UserPost, @User() requester: Requester) {
    const { account_id: accountId, ...fields } = body;
    const account = await this.accounts
      .get(accountId)
      .catch(toFieldError('ACCOUNT_NOT_FOUND', 'account_id', `Account with id ${accountId} doesn't exist.`));
    requirePermission(requester, 'create-children', accountRules(account));
    const by = { linkTo: this.serverUrl.passwordResetLink, client: `user ${requester.id}` };
    return toInvitedUser(await this.passwords.invite({ ...fields, accountId }, by));
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
