import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountManagement, AccountsService, type Account } from '#lib/accounts';
import { accountRules, canCreateAccounts, isAllowed } from '#lib/accounts/model';
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
import { AccountChoices } from './account-choices.service';
import { AccountContent } from './account-content.service';
import {
  ACCOUNT_FIELDS,
  formOf,
  POLICIES,
  ROLES,
  tickedRoles,
  toAccountPatch,
  type AccountForm,
} from './account-form';

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

/** The pages of accounts. */
@ApiExcludeController()
@Controller()
export class AccountPagesController {
  constructor(
    private readonly pages: Pages,
    private readonly accounts: AccountsService,
    private readonly management: AccountManagement,
    private readonly content: AccountContent,
    private readonly choices: AccountChoices,
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
      can_create: canCreateAccounts(user),
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
    const roleIds = account.accountRoles.map(({ id }) => id);
    await this.send(account, user, request, response, { form: formOf(account), roleIds });
  }

  @Post('accounts/:id')
  @RequiresPermission('update', 'account')
  async update(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = fieldsOf(request, ACCOUNT_FIELDS);
    const hasRoles = (await this.choices.roles(user)).length > 0;
    const roleIds = hasRoles ? tickedRoles(request) : account.accountRoles.map(({ id }) => id);
    try {
      const fields = { ...toAccountPatch(request, form), ...(hasRoles && { [ROLES]: roleIds }) };
      const body = await validateFields(AccountPatch, fields);
      await this.management.update(account.id, toAccountChanges(body), user);
      response.redirect(303, `/accounts/${account.id}?saved`);
    } catch (error) {
      const problems = formProblems(error, request, [...ACCOUNT_FIELDS, ROLES]);
      await this.send(
        account,
        user,
        request,
        response,
        { form: { ...formOf(account), ...form }, roleIds },
        problems,
      );
    }
  }

  private async send(
    account: Account,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    { form, roleIds }: { form: AccountForm; roleIds: readonly number[] },
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const content = {
      title: `Account ${account.name}`,
      account: { id: account.id, name: account.name },
      ...(await this.shownChoices(account, user, roleIds)),
      ...(await this.content.of(account, user)),
      can_update: isAllowed(user, 'update', accountRules(account)),
      colours: COLOURS.flatMap(([field, name]) => {
        const colour = form[field];
        return HEX.test(colour) ? [{ colour, name }] : [];
      }),
      logo: isOwnPath(form.logo_url) ? form.logo_url : undefined,
      ...{ form, problem, reasons, done: status === 200 ? doneOf(request) : undefined },
    };
    await this.pages.send(request, response.set(headers), 'account.html', content, { status });
  }

  /** What the form offers besides texts, and what the account has, for those who cannot change it. */
  private async shownChoices(account: Account, user: ApiUser, roleIds: readonly number[]) {
    const { accountRoles, consultancyAccountId } = account;
    const roles = await this.choices.roles(user);
    return {
      policies: POLICIES,
      plans: await this.choices.plans(account, user),
      consultancies: await this.choices.consultancies(consultancyAccountId, user),
      roles: roles.map(({ id, name, description }) => ({
        ...{ id, name, description },
        isGiven: roleIds.includes(id),
      })),
      given_roles: accountRoles.map(({ name }) => name).join(', '),
      ...(await this.content.relationsOf(account)),
    };
  }
}

/** What was done before the page is shown. */
const doneOf = ({ query }: PageRequest): 'saved' | 'created' | undefined =>
  query['saved'] !== undefined ? 'saved' : query['created'] !== undefined ? 'created' : undefined;
