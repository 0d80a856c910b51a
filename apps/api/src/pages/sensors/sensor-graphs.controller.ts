import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ChartsService } from '#lib/charts';
import { isAllowed } from '#lib/accounts/model';
import { EntityAddresses, sensorRules, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { HostName } from '../../v3/sensors/host-name';
import { Pages } from '../frame/pages.service';
import { durationInWords } from '../frame/words';
import { defaultPeriod } from '../graphs/default-period';
import { LatestValues } from '../graphs/latest-values.service';
import { LiveContents } from '../graphs/live-content.service';
import { canForecast } from '../forecasts/can-forecast';
import { canSchedule } from '../schedules/can-schedule';
import type { PageRequest } from '../sessions/page-request';
import { SensorFigures } from './sensor-figures.service';

/** The page of a sensor: its chart, statistics per source, and the accuracy of forecasts. */
@ApiExcludeController()
@Controller('sensors/:id')
export class SensorGraphsController {
  constructor(
    private readonly pages: Pages,
    private readonly charts: ChartsService,
    private readonly figures: SensorFigures,
    private readonly addresses: EntityAddresses,
    private readonly latest: LatestValues,
    private readonly live: LiveContents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @RequiresPermission('read', 'sensor')
  async show(
    @Resource() sensor: Sensor,
    @User() user: ApiUser,
    @HostName() host: string,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { id, name, unit, timezone, asset } = sensor;
    const liveOf = await this.live.begin();
    const range = await this.charts.getTimeRange(sensor);
    await this.pages.send(request, response, 'sensor.html', {
      title: name,
      sensor: { id, name, unit, timezone, asset: { id: asset.id, name: asset.name } },
      resolution: durationInWords(sensor.eventResolutionMs),
      address: this.addresses.forSensor(id, host),
      panels: JSON.stringify([this.charts.sensorPanel(sensor)]),
      period: defaultPeriod(range, this.clock.now(), timezone),
      live: liveOf([id]),
      latest: await this.latest.list([sensor]),
      can_schedule: canSchedule(sensor, asset, user),
      can_forecast: canForecast(sensor, asset, user),
      can_upload: isAllowed(user, 'create-children', sensorRules(sensor)),
      can_delete: isAllowed(user, 'delete', sensorRules(sensor)),
      ...(await this.figures.contentFor(sensor, request.query)),
    });
  }

  /** The latest value alone, for pages that are live. */
  @Get('latest')
  @RequiresPermission('read', 'sensor')
  async showLatest(
    @Resource() sensor: Sensor,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const [latest] = await this.latest.list([sensor]);
    await this.pages.send(request, response, 'latest-value.html', { title: sensor.name, latest });
  }
}
