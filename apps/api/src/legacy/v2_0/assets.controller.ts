import { Delete, Get, HttpCode, Patch, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Requester } from '#lib/accounts/model';
import { AcceptsDevices } from '../../http/auth/permissions/device-scopes';
import { User } from '../../http/auth/permissions/permission.guard';
import { RequiresUserRoles } from '../../http/auth/permissions/role-requirements';
import { IgnoresBody } from '../../http/bodies/body-limits';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { validateFields } from '../../http/schema/validation';
import { LegacyController } from '../endpoints/legacy-endpoint';
import { readMessage } from '../messages/message';
import { LegacyAssetPatch, LegacyAssetPost } from './assets.dto';
import { LegacyAssetChanges } from './legacy-asset-changes.service';
import { LegacyAssets } from './legacy-assets.service';
import { idInQuery, idOf } from './parameters';
import { V2_0 } from './v2_0';

/** Fields of the answer that cannot be changed: clients may send the whole answer back. */
const IGNORED = ['id', 'status'];

/** Assets of version 2.0. */
@LegacyController(V2_0)
export class LegacyAssetsController {
  constructor(
    private readonly assets: LegacyAssets,
    private readonly changes: LegacyAssetChanges,
  ) {}

  @Get('assets')
  @AcceptsDevices('read')
  list(@Req() request: Request, @User() user: Requester) {
    return this.assets.list(idInQuery(request, 'owner_id'), user);
  }

  @Post('assets')
  @AcceptsIdempotencyKey()
  @RequiresUserRoles('admin')
  async create(@Req() request: Request, @User() user: Requester) {
    const fields = await validateFields(LegacyAssetPost, readMessage(request));
    return { ...(await this.changes.create(fields, user)), status: 201 };
  }

  @Get('asset/:id')
  @AcceptsDevices('read')
  async get(@Req() request: Request, @User() user: Requester) {
    return { ...(await this.assets.get(idOf(request), user)), status: 200 };
  }

  @Patch('asset/:id')
  async update(@Req() request: Request, @User() user: Requester) {
    const id = idOf(request);
    const given = Object.entries(readMessage(request)).filter(([name]) => !IGNORED.includes(name));
    const fields = await validateFields(LegacyAssetPatch, Object.fromEntries(given));
    return { ...(await this.changes.update(id, fields, user)), status: 200 };
  }

  @Delete('asset/:id')
  @HttpCode(204)
  @IgnoresBody()
  async delete(@Req() request: Request, @User() user: Requester): Promise<void> {
    await this.assets.delete(idOf(request), user);
  }
}
