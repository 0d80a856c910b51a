import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import type { User as UserEntity } from '#lib/accounts';
import { DeviceTokensService } from '#lib/device-tokens';
import { parseInstant } from '#lib/time';
import { RequiresPermission, Resource } from '../../http/auth/permissions/permission.guard';
import { ApiParam } from '../../http/contract/metadata';
import { IdPipe } from '../../http/schema/id-pipe';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { DeviceToken, DeviceTokenPost, NewDeviceToken } from './device-tokens.dto';
import { toDeviceTokenResponse } from './device-tokens.mapper';

/** The device tokens of a user. */
@Controller('api/v3_0/users/:id/tokens')
export class DeviceTokensController {
  constructor(private readonly tokens: DeviceTokensService) {}

  @Get()
  @Operation('listDeviceTokens', { answer: [DeviceToken], errors: [403, 404, 422] })
  @RequiresPermission('read', 'device-tokens-of-user')
  async list(@Resource() user: UserEntity) {
    return (await this.tokens.list(user.id)).map(toDeviceTokenResponse);
  }

  @Post()
  @AcceptsIdempotencyKey()
  @Operation('createDeviceToken', { answer: NewDeviceToken, status: 201, errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'device-tokens-of-user')
  async create(@Resource() user: UserEntity, @Body(validationPipe('json')) body: DeviceTokenPost) {
    const { name, scopes, assets: assetIds, expires_at: expiresAt } = body;
    const expiresAtMs = expiresAt === undefined ? undefined : parseInstant(expiresAt);
    const { token, secret } = await this.tokens.create(user, { name, scopes, assetIds, expiresAtMs });
    return { ...toDeviceTokenResponse(token), token: secret };
  }

  @Delete(':token_id')
  @ApiParam({ name: 'token_id', schema: { type: 'integer', minimum: 1 } })
  @Operation('revokeDeviceToken', { errors: [403, 404, 422] })
  @RequiresPermission('delete', 'device-tokens-of-user')
  async revoke(@Resource() user: UserEntity, @Param('token_id', IdPipe) tokenId: number): Promise<void> {
    await this.tokens.revoke(tokenId, user);
  }
}
