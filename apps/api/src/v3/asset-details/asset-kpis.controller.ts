import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { Kpis } from '#lib/charts';
import { canRead } from '#lib/sensors';
import { parseInstant } from '#lib/time';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { unprocessable } from '../../http/errors/api-error';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AssetKpis, AssetKpisQuery } from './asset-kpis.dto';

/** Key figures of assets. */
@Controller('api/v3_0/assets/:id/kpis')
export class AssetKpisController {
  constructor(
    private readonly kpis: Kpis,
    private readonly heavyReads: HeavyReads,
  ) {}

  @Get()
  @Operation('getAssetKpis', { deviceScope: 'read', answer: AssetKpis, errors: [403, 404, 422, 429] })
  @RequiresPermission('read', 'asset')
  async list(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetKpisQuery,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AssetKpis> {
    const [startMs, endMs] = [parseInstant(query.start), parseInstant(query.end)];
    if (endMs <= startMs) throw unprocessable('query', { end: ['Must be after the start.'] });
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    const kpis = await this.kpis.list(asset, { startMs, endMs }, canRead(user), limitRead);
    return {
      data: kpis.map(({ title, sensor, function: name, value }) => ({
        downsample_function: name,
        downsample_value: value,
        sensor: sensor.id,
        title,
        unit: sensor.unit,
      })),
    };
  }
}
