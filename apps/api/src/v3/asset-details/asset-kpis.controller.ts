import { Controller, Get, Query } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { Kpis } from '#lib/charts';
import { canRead } from '#lib/sensors';
import { parseInstant } from '#lib/time';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { unprocessable } from '../../http/errors/api-error';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AssetKpis, AssetKpisQuery } from './asset-kpis.dto';

/** Key figures of assets. */
@Controller('api/v3_0/assets/:id/kpis')
export class AssetKpisController {
  constructor(private readonly kpis: Kpis) {}

  @Get()
  @Operation('getAssetKpis', { deviceScope: 'read', answer: AssetKpis, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async list(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetKpisQuery,
    @User() user: Requester,
  ): Promise<AssetKpis> {
    const [startMs, endMs] = [parseInstant(query.start), parseInstant(query.end)];
    if (endMs <= startMs) throw unprocessable('query', { end: ['Must be after the start.'] });
    const kpis = await this.kpis.list(asset, startMs, endMs, canRead(user));
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
