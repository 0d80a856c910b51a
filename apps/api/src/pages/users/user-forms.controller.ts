import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { UserManagement, type User as UserEntity } from '#lib/accounts';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ServerUrl } from '../../http/headers/server-url';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { UserPatch } from '../../v3/users/users.dto';
import { formProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { fieldOf, fieldsOf, type PageRequest } from '../sessions/page-request';
import { UserContent, type RoleChoice } from './user-content.service';

const FIELDS = ['username', 'email', 'timezone'] as const;

/** Changes users: their personal fields, roles and activity. */
@ApiExcludeController()
@Controller('users/:id')
export class UserFormsController {
  constructor(
    private readonly pages: Pages,
    private readonly content: UserContent,
    private readonly management: UserManagement,
    private readonly serverUrl: ServerUrl,
  ) {}

  @Post()
  @RequiresPermission('update', 'user')
  async update(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    const choices = await this.content.roleChoices(user, viewer);
    const wanted = wantedRoles(request, choices);
    try {
      const fields = { ...form, ...(choices.length > 0 && { flexmeasures_roles: wanted }) };
      const { flexmeasures_roles: roleIds, ...rest } = await validateFields(UserPatch, fields);
      const { unconfirmedEmail } = await this.change(user, { ...rest, roleIds }, viewer);
      const done = unconfirmedEmail === undefined ? 'saved' : 'email';
      response.redirect(303, `/users/${user.id}?done=${done}`);
    } catch (error) {
      const { status, headers, problem, reasons } = formProblems(error, request, FIELDS);
      const content = {
        title: `Overview for user: ${user.username}`,
        ...(await this.content.of(user, viewer)),
        ...{ form, problem, reasons },
        roles: choices.map((role) => ({ ...role, isGiven: wanted.includes(role.id) })),
      };
      await this.pages.send(request, response.set(headers), 'user.html', content, { status });
    }
  }

  @Post('activity')
  @RequiresPermission('update', 'user')
  async changeActivity(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.change(user, { active: fieldOf(request, 'active') === 'yes' }, viewer);
    response.redirect(303, `/users/${user.id}`);
  }

  private change({ id }: UserEntity, changes: Parameters<UserManagement['update']>[1], viewer: ApiUser) {
    return this.management.update(id, changes, viewer, this.serverUrl.emailConfirmationLink);
  }
}

/** Ids of the roles that are ticked, and of those that the viewer cannot take away. */
function wantedRoles({ body }: PageRequest, choices: readonly RoleChoice[]): number[] {
  const { roles = [] } = (body ?? {}) as { roles?: string | string[] };
  const ticked = [roles].flat();
  return choices
    .filter(({ id, isGiven, isFixed }) => (isFixed ? isGiven : ticked.includes(String(id))))
    .map(({ id }) => id);
}
