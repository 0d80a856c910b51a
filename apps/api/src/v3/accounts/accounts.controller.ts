import { Controller, Get, Query } from '@nestjs/common';
import { AccountsService, type Account } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { listingOf, ListQuery } from '../../http/paging/list-query.dto';
import { AnswersPages, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGED } from '../../http/schema/operation';
import { validated } from '../../http/schema/validation';
import { Account as AccountShown, AccountAnswer } from './accounts.dto';
import { toAccountResponse } from './accounts.mapper';

@Controller('api/v3_0/accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Get()
  @Operation('listAccounts', { answer: [AccountShown], headers: PAGED, fails: [422] })
  @AnswersPages()
  async list(@User() user: Requester, @Query(validated('query')) query: ListQuery) {
    return PagedList.of(await this.accounts.pageFor(user, listingOf(query)), query, toAccountResponse);
  }

  @Get(':id')
  @Operation('getAccount', { answer: AccountAnswer, fails: [403, 404, 422] })
  @RequiresPermission('read', 'account')
  get(@Resource() account: Account) {
    return { ...toAccountResponse(account), status: 200 };
  }
}
