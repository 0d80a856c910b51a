import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { PasswordResets, UsersService, type Account } from '#lib/accounts';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ServerUrl } from '../../http/headers/server-url';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { UserPost } from '../../v3/users/users.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';

const FIELDS = ['username', 'email', 'timezone'] as const;

/** Creates users of an account, who get a link to choose their password. */
@ApiExcludeController()
@Controller('users/new')
export class UserInvitationsController {
  constructor(
    private readonly pages: Pages,
    private readonly users: UsersService,
    private readonly passwords: PasswordResets,
    private readonly serverUrl: ServerUrl,
  ) {}

  @Get()
  @RequiresPermission('create-children', 'account-of-query')
  async show(
    @Resource() account: Account,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const own = await this.users.findById(viewer.id);
    const form = { username: '', email: '', timezone: own?.timezone ?? 'UTC' };
    await this.send(account, request, response, form);
  }

  @Post()
  @RequiresPermission('create-children', 'account-of-query')
  async create(
    @Resource() account: Account,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    try {
      const { account_id: accountId, ...fields } = await validateFields(UserPost, {
        ...form,
        account_id: account.id,
      });
      const by = { linkTo: this.serverUrl.passwordResetLink, client: `user ${viewer.id}` };
      const { user, isMailed } = await this.passwords.invite({ ...fields, accountId }, by);
      response.redirect(303, `/users/${user.id}?done=${isMailed ? 'invited' : 'created'}`);
    } catch (error) {
      await this.send(account, request, response, form, formProblems(error, request, FIELDS));
    }
  }

  private async send(
    { id, name }: Account,
    request: PageRequest,
    response: Response,
    form: Record<(typeof FIELDS)[number], string>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const content = { title: 'New user', account: { id, name }, ...{ form, problem, reasons } };
    await this.pages.send(request, response.set(headers), 'user-new.html', content, { status });
  }
}
