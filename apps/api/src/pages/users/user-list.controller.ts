import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService, UsersService, type Account } from '#lib/accounts';
import { accountRules, isAllowed } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { searchTerms } from '../../http/paging/search-terms';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import { listingOf, listView, readListState } from '../lists/list-view';
import type { PageRequest } from '../sessions/page-request';
import { roleNames } from './user-content.service';

const COLUMNS = [
  { title: 'Username', order: 'username' },
  { title: 'Email', order: 'email' },
  { title: 'Roles' },
  { title: 'Timezone' },
  { title: 'Last Login', order: 'lastLoginAt' },
  { title: 'Active' },
] as const;

/** Accounts to choose from; more are found by the list of accounts. */
const MAX_ACCOUNTS = 200;

/** The users of an account. */
@ApiExcludeController()
@Controller('users')
export class UserListController {
  constructor(
    private readonly pages: Pages,
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
  ) {}

  @Get()
  @RequiresPermission('read', 'account-of-query')
  async show(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const state = readListState(request, ['username', 'email', 'lastLoginAt']);
    const includeInactive = request.query['include_inactive'] !== undefined;
    const listing = { terms: searchTerms(state.filter), ...listingOf(state) };
    const found = await this.users.page(account.id, {
      ...{ ...listing, includeInactive, sortBy: state.sort, isDescending: state.isDescending },
    });
    const { items: accounts } = await this.accounts.listReadable(user, {
      terms: [],
      offset: 0,
      limit: MAX_ACCOUNTS,
    });
    const others = { account: String(account.id), ...(includeInactive && { include_inactive: 'on' }) };
    await this.pages.send(request, response, 'users.html', {
      title: includeInactive ? 'All users' : 'All active users',
      ...{ account: { id: account.id, name: account.name }, includes_inactive: includeInactive },
      can_create: isAllowed(user, 'create-children', accountRules(account)),
      accounts: accounts.map(({ account: { id, name } }) => ({ id, name })),
      list: listView(state, COLUMNS, found, others),
      users: found.items.map((one) => ({
        ...{
          id: one.id,
          username: one.username,
          email: one.email,
          roles: roleNames(one),
          timezone: one.timezone,
        },
        ...{ last_login: one.lastLoginAt?.toISOString(), active: one.active },
      })),
    });
  }
}
