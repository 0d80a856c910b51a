import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { AccountManagement, AccountsService, type Account } from '#lib/accounts';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { listingOf } from '../../http/paging/list-query.dto';
import { Paginated } from '../../http/paging/paged-list';
import { RecordPage } from '../../http/paging/record-page';
import { searchTerms } from '../../http/paging/search-terms';
import { orderOf } from '../../http/paging/sorted-list-query.dto';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import {
  Account as AccountShown,
  AccountAnswer,
  AccountListQuery,
  AccountPatch,
  AccountPost,
  AccountRecords,
} from './accounts.dto';
import { toAccountChanges, toAccountInPage, toAccountResponse } from './accounts.mapper';

@Controller('api/v3_0/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly management: AccountManagement,
  ) {}

  @Get()
  @Operation('listAccounts', {
    answer: { oneOf: [[AccountShown], AccountRecords] },
    headers: PAGINATION_HEADERS,
    errors: [422],
  })
  @Paginated()
  async list(@User() user: ApiUser, @Query(validationPipe('query')) query: AccountListQuery) {
    const { filter, role } = query;
    const found = await this.accounts.listReadable(user, {
      ...{ terms: searchTerms(filter), role },
      ...orderOf(query),
      ...listingOf(query),
    });
    return RecordPage.ofRecords(found, query, toAccountInPage, ({ account }) => toAccountResponse(account));
  }

  @Post()
  @AcceptsIdempotencyKey()
  @Operation('createAccount', { answer: AccountShown, status: 201, errors: [403, 422] })
  async create(@Body(validationPipe('json')) body: AccountPost, @User() user: ApiUser) {
    const { name, consultancy_account_id: consultancyAccountId } = body;
    return toAccountResponse(await this.management.create({ name, consultancyAccountId }, user));
  }

  @Get(':id')
  @Operation('getAccount', { answer: AccountAnswer, errors: [403, 404, 422] })
  @RequiresPermission('read', 'account')
  get(@Resource() account: Account) {
    return { ...toAccountResponse(account), status: 200 };
  }

  @Patch(':id')
  @Operation('updateAccount', { answer: AccountAnswer, errors: [403, 404, 422] })
  @RequiresPermission('update', 'account')
  async update(
    @Resource() { id }: Account,
    @Body(validationPipe('json')) body: AccountPatch,
    @User() user: ApiUser,
  ) {
    return {
      ...toAccountResponse(await this.management.update(id, toAccountChanges(body), user)),
      status: 200,
    };
  }
}
