import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '../../http/contract/metadata';
import type { Response } from 'express';
import { TwoFactorService, type User as UserEntity } from '#lib/accounts';
import { isAllowed, twoFactorRules } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { validateFields } from '../../http/schema/validation';
import { TwoFactorCode, TwoFactorRemoval } from '../../v3/users/two-factor.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { qrCodeOf } from './qr-code';

const FIELDS = ['code'] as const;

/** What is shown besides the state. */
interface Step {
  /** The secret of the app that is being set up. */
  setup?: { secret: string; url: string };
  /** Whether a code of the app is asked for, to confirm it. */
  isBegun?: boolean;
  recoveryCodes?: string[];
}

/** The second factor of the logins of a user: sets up an app, and removes it. */
@ApiExcludeController()
@Controller('users/:id/two-factor')
export class TwoFactorPageController {
  constructor(
    private readonly pages: Pages,
    private readonly factors: TwoFactorService,
  ) {}

  @Get()
  @RequiresPermission('read', 'two-factor-of-user')
  async show(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(user, viewer, request, response);
  }

  @Post()
  @RequiresPermission('update', 'two-factor-of-user')
  async begin(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(user, viewer, request, response, {}, async () => ({
      setup: await this.factors.begin(user),
      isBegun: true,
    }));
  }

  @Post('confirm')
  @RequiresPermission('update', 'two-factor-of-user')
  async confirm(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(user, viewer, request, response, { isBegun: true }, async () => {
      const { code } = await validateFields(TwoFactorCode, fieldsOf(request, FIELDS));
      return { recoveryCodes: await this.factors.confirm(user.id, code) };
    });
  }

  @Post('remove')
  @RequiresPermission('delete', 'two-factor-of-user')
  async remove(
    @Resource() user: UserEntity,
    @User() viewer: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(user, viewer, request, response, {}, async () => {
      const { code } = await validateFields(TwoFactorRemoval, fieldsOf(request, FIELDS));
      await this.factors.remove(user.id, viewer, code);
      return {};
    });
  }

  /** Shows what came out. @param failed what is shown if it is refused */
  private async answer(
    user: UserEntity,
    viewer: ApiUser,
    request: PageRequest,
    response: Response,
    failed: Step,
    work: () => Promise<Step>,
  ): Promise<void> {
    try {
      const step = await work();
      await this.send(user, viewer, request, response, step);
    } catch (error) {
      await this.send(user, viewer, request, response, failed, formProblems(error, request, FIELDS));
    }
  }

  private async send(
    user: UserEntity,
    viewer: ApiUser,
    request: PageRequest,
    response: Response,
    { setup, isBegun, recoveryCodes }: Step = {},
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const { id, username } = user;
    const state = await this.factors.getState(id);
    const rules = twoFactorRules(user);
    const content = {
      title: `Second factor of ${username}`,
      user_shown: { id, username },
      state: { policy: state.policy, has_app: state.hasApp, codes_left: state.recoveryCodesLeft },
      is_own: id === viewer.id,
      can_set_up: isAllowed(viewer, 'update', rules),
      can_remove: isAllowed(viewer, 'delete', rules),
      setup: setup && { ...setup, qr: await qrCodeOf(setup.url) },
      ...{ is_begun: isBegun, recovery_codes: recoveryCodes, problem, reasons },
    };
    await this.pages.send(request, response.set(headers), 'two-factor.html', content, { status });
  }
}
