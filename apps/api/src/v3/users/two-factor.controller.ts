import { Body, Controller, Get, Post } from '@nestjs/common';
import { TwoFactorService, type User as UserEntity } from '#lib/accounts';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { RecoveryCodes, TwoFactor, TwoFactorCode, TwoFactorRemoval, TwoFactorSetup } from './two-factor.dto';
import { toTwoFactorResponse } from './users.mapper';

/** The second factor of the logins of a user. */
@Controller('api/v3_0/users/:id/two-factor')
export class TwoFactorController {
  constructor(private readonly factors: TwoFactorService) {}

  @Get()
  @Operation('getTwoFactor', { answer: TwoFactor, errors: [403, 404, 422] })
  @RequiresPermission('read', 'two-factor-of-user')
  async get(@Resource() { id }: UserEntity) {
    return toTwoFactorResponse(await this.factors.getState(id));
  }

  @Post()
  @AcceptsIdempotencyKey()
  @Operation('beginTwoFactor', { answer: TwoFactorSetup, status: 201, errors: [403, 404, 422] })
  @RequiresPermission('update', 'two-factor-of-user')
  begin(@Resource() user: UserEntity) {
    return this.factors.begin(user);
  }

  @Post('confirm')
  @Operation('confirmTwoFactor', { answer: RecoveryCodes, status: 200, errors: [403, 404, 422] })
  @RequiresPermission('update', 'two-factor-of-user')
  async confirm(@Resource() { id }: UserEntity, @Body(validationPipe('json')) { code }: TwoFactorCode) {
    return { recovery_codes: await this.factors.confirm(id, code) };
  }

  @Post('remove')
  @Operation('removeTwoFactor', { errors: [403, 404, 422] })
  @RequiresPermission('delete', 'two-factor-of-user')
  async remove(
    @Resource() { id }: UserEntity,
    @Body(validationPipe('json')) { code }: TwoFactorRemoval,
    @User() requester: ApiUser,
  ): Promise<void> {
    await this.factors.remove(id, requester, code);
  }
}
