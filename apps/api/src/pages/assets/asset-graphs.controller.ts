import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { DetailedAsset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { canRead, SensorsService } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { AssetNowService } from '../balance/asset-now.service';
import { Pages } from '../frame/pages.service';
import { defaultPeriod } from '../graphs/default-period';
import { LatestValues } from '../graphs/latest-values.service';
import { canSchedule } from '../schedules/can-schedule';
import type { PageRequest } from '../sessions/page-request';
import { AssetHeaders } from './asset-header.service';

/** The graph page of an asset. */
@ApiExcludeController()
@Controller('assets/:id')
export class AssetGraphsController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly charts: ChartsService,
    private readonly sensors: SensorsService,
    private readonly latest: LatestValues,
    private readonly now: AssetNowService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { panels, sensors, range, timezone } = await this.charts.getAssetInfo(asset, canRead(user));
    const own = await this.sensors.listByAsset(asset.id);
    await this.pages.send(request, response, 'asset-graphs.html', {
      title: asset.name,
      asset: await this.headers.of(asset, user, 'Graphs'),
      ...{ timezone, panels: JSON.stringify(panels), has_panels: panels.length > 0 },
      period: defaultPeriod(range, this.clock.now(), timezone),
      latest: await this.latest.list(sensors),
      now: await this.now.of(asset, user),
      schedulable: own
        .filter((sensor) => canSchedule(sensor, asset, user))
        .map(({ id, name }) => ({ id, name })),
    });
  }
}
