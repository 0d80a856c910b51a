import { Controller, Get, Ip, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AuthenticationService, PasswordResets, UsersService, type User as UserEntity } from '#lib/accounts';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { networkOf } from '../../http/auth/throttle/network';
import { unauthenticated } from '../../http/errors/api-error';
import { ServerUrl } from '../../http/headers/server-url';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import type { PageRequest } from '../sessions/page-request';
import { UserContent } from './user-content.service';

/** The pages of users, and of the user who is logged in. */
@ApiExcludeController()
@Controller()
export class UserPagesController {
  constructor(
    private readonly pages: Pages,
    private readonly content: UserContent,
    private readonly users: UsersService,
    private readonly passwords: PasswordResets,
    private readonly authentication: AuthenticationService,
    private readonly serverUrl: ServerUrl,
  ) {}

  @Get('users/:id')
  @RequiresPermission('read', 'user')
  async show(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const content = {
      title: `Overview for user: ${user.username}`,
      ...(await this.content.of(user, viewer)),
    };
    await this.pages.send(request, response, 'user.html', { ...content, done: request.query['done'] });
  }

  /** The own page, with a fresh token: the same one as the API gives to a session. */
  @Get('logged-in-user')
  async showOwn(
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const user = await this.users.findById(viewer.id);
    if (!user || !viewer.session) throw unauthenticated();
    const owner = await this.authentication.findTokenOwner(user.id, user.email);
    await this.pages.send(request, response, 'user.html', {
      title: `Overview for logged-in user: ${user.username}`,
      ...{ ...(await this.content.of(user, viewer)), is_own: true },
      token: owner && (await this.authentication.issueToken(owner)),
    });
  }

  @Post('users/:id/password-reset')
  @RequiresPermission('update', 'password-of-user')
  async resetPassword(
    @Resource() { id }: UserEntity,
    @Ip() address: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.passwords.reset(id, this.serverUrl.passwordResetLink, networkOf(address));
    response.redirect(303, `/users/${id}?done=password-reset`);
  }
}
