import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { isAllowed } from '#lib/accounts/model';
import { assetRules, type DetailedAsset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { canRead, SensorsService } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { ApiExcludeController } from '../../http/contract/metadata';
import { AssetNowService } from '../balance/asset-now.service';
import { Pages } from '../frame/pages.service';
import { defaultPeriod } from '../graphs/default-period';
import { LatestValues } from '../graphs/latest-values.service';
import { SiteDevices } from '../plans/site-devices.service';
import { LiveContents } from '../graphs/live-content.service';
import { canForecast } from '../forecasts/can-forecast';
import { canSchedule, canScheduleSite } from '../schedules/can-schedule';
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
    private readonly devices: SiteDevices,
    private readonly live: LiveContents,
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
    const liveOf = await this.live.begin();
    const { panels, sensors, range, timezone } = await this.charts.getAssetInfo(asset, canRead(user));
    const own = await this.sensors.listByAsset(asset.id);
    const { devices } = await this.devices.of(asset, user);
    const isDevice = devices.some(({ assetId }) => assetId === asset.id);
    await this.pages.send(request, response, 'asset-graphs.html', {
      title: asset.name,
      asset: await this.headers.of(asset, user, 'Graphs'),
      ...{ timezone, panels: JSON.stringify(panels), has_panels: panels.length > 0 },
      period: defaultPeriod(range, this.clock.now(), timezone),
      live: liveOf(
        sensors.map(({ id }) => id),
        [asset.id],
      ),
      latest: await this.latest.list(sensors),
      can_update: isAllowed(user, 'update', assetRules(asset)),
      can_schedule_site: canScheduleSite(asset, user) && devices.some(({ assetId }) => assetId !== asset.id),
      now: await this.now.of(asset, user),
      // The sensors of a site that is no device itself are not scheduled: what they measure follows from its devices.
      schedulable: own
        .filter((sensor) => isDevice && canSchedule(sensor, asset, user))
        .map(({ id, name }) => ({ id, name })),
      forecastable: own
        .filter((sensor) => canForecast(sensor, asset, user))
        .map(({ id, name }) => ({ id, name })),
    });
  }
}
