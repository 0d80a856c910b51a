import { Controller, Post, Query } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { IgnoresBody } from '../../http/bodies/body-limits';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AssetCopy, AssetCopyQuery } from './asset-copies.dto';
import { AssetCopying } from './asset-copying.service';

/** Copies of assets. */
@Controller('api/v3_0/assets/:id/copy')
export class AssetCopiesController {
  constructor(private readonly copying: AssetCopying) {}

  @Post()
  @IgnoresBody()
  @AcceptsIdempotencyKey()
  @Operation('copyAsset', { answer: AssetCopy, status: 201, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  copy(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetCopyQuery,
    @User() user: Requester,
  ): Promise<AssetCopy> {
    return this.copying.copy(asset, query, user);
  }
}
