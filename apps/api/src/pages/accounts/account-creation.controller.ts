import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '../../http/contract/metadata';
import type { Response } from 'express';
import { AccountManagement } from '#lib/accounts';
import { canCreateAccounts, isServerAdmin } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { unauthorized } from '../../http/errors/api-error';
import { validateFields } from '../../http/schema/validation';
import { AccountPost } from '../../v3/accounts/accounts.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { AccountChoices } from './account-choices.service';

const FIELDS = ['name', 'consultancy_account_id'] as const;

/** Creates accounts: for admins of the server, and for consultants, whose clients the new accounts are. */
@ApiExcludeController()
@Controller('accounts/new')
export class AccountCreationController {
  constructor(
    private readonly pages: Pages,
    private readonly management: AccountManagement,
    private readonly choices: AccountChoices,
  ) {}

  @Get()
  async show(@User() user: ApiUser, @Req() request: PageRequest, @Res() response: Response): Promise<void> {
    if (!canCreateAccounts(user)) throw unauthorized();
    await this.send(user, request, response, { name: '', consultancy_account_id: '' });
  }

  @Post()
  async create(@User() user: ApiUser, @Req() request: PageRequest, @Res() response: Response): Promise<void> {
    if (!canCreateAccounts(user)) throw unauthorized();
    const form = fieldsOf(request, FIELDS);
    const { name, consultancy_account_id: consultancy } = form;
    try {
      const body = { name, ...(consultancy !== '' && { consultancy_account_id: Number(consultancy) }) };
      const { consultancy_account_id: consultancyAccountId } = await validateFields(AccountPost, body);
      const { id } = await this.management.create({ name, consultancyAccountId }, user);
      response.redirect(303, `/accounts/${id}?created`);
    } catch (error) {
      await this.send(user, request, response, form, formProblems(error, request, FIELDS));
    }
  }

  private async send(
    user: ApiUser,
    request: PageRequest,
    response: Response,
    form: Record<(typeof FIELDS)[number], string>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const content = {
      title: 'New account',
      // Accounts of consultants become clients of their own one.
      consultancies: isServerAdmin(user) ? await this.choices.consultancies(null, user) : [],
      becomes_client: !isServerAdmin(user),
      ...{ form, problem, reasons },
    };
    await this.pages.send(request, response.set(headers), 'account-new.html', content, { status });
  }
}
