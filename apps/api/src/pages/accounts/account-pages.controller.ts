import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountManagement, AccountsService, type Account } from '#lib/accounts';
import { accountRules, isAllowed } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { searchTerms } from '../../http/paging/search-terms';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { AccountPatch } from '../../v3/accounts/accounts.dto';
import { toAccountChanges } from '../../v3/accounts/accounts.mapper';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { listingOf, listView, readListState } from '../lists/list-view';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { AccountContent } from './account-content.service';

const COLUMNS = [
  { title: 'Name', order: 'name' },
  { title: 'Account id', order: 'id' },
  { title: 'Users', order: 'users' },
  { title: 'Assets', order: 'assets' },
] as const;

/** Colours of an account, by their fields. */
const COLOURS = [
  ['primary_color', 'Primary'],
  ['secondary_color', 'Secondary'],
] as const;

const HEX = /^#[\da-f]{6}$/i;

/** Pages load pictures of this server only. */
const isOwnPath = (url: string): boolean => /^\/(?!\/)/.test(url) || url.startsWith('data:image/');

const FIELDS = ['name', 'primary_color', 'secondary_color', 'logo_url'];

/** The pages of accounts. */
@ApiExcludeController()
@Controller()
export class AccountPagesController {
  constructor(
    private readonly pages: Pages,
    private readonly accounts: AccountsService,
    private readonly management: AccountManagement,
    private readonly content: AccountContent,
  ) {}

  @Get('accounts')
  async list(@User() user: ApiUser, @Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const state = readListState(request, ['id', 'name', 'users', 'assets']);
    const found = await this.accounts.listReadable(user, {
      ...{ terms: searchTerms(state.filter), sortBy: state.sort, isDescending: state.isDescending },
      ...listingOf(state),
    });
    await this.pages.send(request, response, 'accounts.html', {
      title: 'Accounts',
      list: listView(state, COLUMNS, found),
      accounts: found.items.map(({ account: { id, name }, userCount, assetCount }) => ({
        ...{ id, name, users: userCount, assets: assetCount },
      })),
    });
  }

  /** The own account, by the path of old versions. */
  @Get('account')
  own(@User() { accountId }: ApiUser, @Res() response: Response): void {
    response.redirect(303, `/accounts/${accountId}`);
  }

  @Get('accounts/:id')
  @RequiresPermission('read', 'account')
  async show(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { name, primaryColor, secondaryColor, logoUrl } = account;
    const form = {
      name,
      primary_color: primaryColor ?? '',
      secondary_color: secondaryColor ?? '',
      logo_url: logoUrl ?? '',
    };
    await this.send(account, user, request, response, form);
  }

  @Post('accounts/:id')
  @RequiresPermission('update', 'account')
  async update(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    try {
      const fields = Object.entries(form).map(([field, text]) => [
        field,
        text === '' && field !== 'name' ? null : text,
      ]);
      const body = await validateFields(AccountPatch, Object.fromEntries(fields) as object);
      await this.management.update(account.id, toAccountChanges(body), user);
      response.redirect(303, `/accounts/${account.id}?saved`);
    } catch (error) {
      await this.send(account, user, request, response, form, formProblems(error, request, FIELDS));
    }
  }

  private async send(
    account: Account,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    form: Record<string, string>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const content = {
      title: `Account ${account.name}`,
      account: {
        id: account.id,
        name: account.name,
        roles: account.accountRoles.map(({ name }) => name).join(', '),
      },
      ...(await this.content.of(account, user)),
      can_update: isAllowed(user, 'update', accountRules(account)),
      colours: COLOURS.flatMap(([field, name]) => {
        const colour = form[field] ?? '';
        return HEX.test(colour) ? [{ colour, name }] : [];
      }),
      logo: isOwnPath(form['logo_url'] ?? '') ? form['logo_url'] : undefined,
      ...{ form, problem, reasons, is_saved: request.query['saved'] !== undefined && status === 200 },
    };
    await this.pages.send(request, response.set(headers), 'account.html', content, { status });
  }
}
