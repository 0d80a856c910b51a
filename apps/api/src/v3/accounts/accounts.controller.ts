import { Controller, Get, Query } from '@nestjs/common';
import { AccountsService, type Account } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { listingOf, ListQuery } from '../../http/paging/list-query.dto';
import { Paginated, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { Account as AccountShown, AccountAnswer } from './accounts.dto';
import { toAccountResponse } from './accounts.mapper';

@Controller('api/v3_0/accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Get()
  @Operation('listAccounts', { answer: [AccountShown], headers: PAGINATION_HEADERS, errors: [422] })
  @Paginated()
  async list(@User() user: Requester, @Query(validationPipe('query')) query: ListQuery) {
    return PagedList.of(await this.accounts.listReadable(user, listingOf(query)), query, toAccountResponse);
  }

  @Get(':id')
  @Operation('getAccount', { answer: AccountAnswer, errors: [403, 404, 422] })
  @RequiresPermission('read', 'account')
  get(@Resource() account: Account) {
    return { ...toAccountResponse(account), status: 200 };
  }
}
