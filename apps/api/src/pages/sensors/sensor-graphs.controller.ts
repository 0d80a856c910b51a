import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { BeliefsService } from '#lib/beliefs';
import { ChartsService } from '#lib/charts';
import { isAllowed } from '#lib/accounts/model';
import { EntityAddresses, sensorRules, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { HostName } from '../../v3/sensors/host-name';
import { toSensorStats } from '../../v3/sensors/sensors.mapper';
import { Pages } from '../frame/pages.service';
import { durationInWords, timeInWords } from '../frame/words';
import { defaultPeriod } from '../graphs/default-period';
import { LatestValues, shownNumber } from '../graphs/latest-values.service';
import { canSchedule } from '../schedules/can-schedule';
import type { PageRequest } from '../sessions/page-request';

/** Of more beliefs, statistics are shown on demand. */
const MAX_COUNTED = 200_000;

/** The page of a sensor: its chart, and statistics per source. */
@ApiExcludeController()
@Controller('sensors/:id')
export class SensorGraphsController {
  constructor(
    private readonly pages: Pages,
    private readonly charts: ChartsService,
    private readonly beliefs: BeliefsService,
    private readonly addresses: EntityAddresses,
    private readonly latest: LatestValues,
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
    const isCounted = request.query['statistics'] !== undefined || (await this.isSmall(sensor));
    const range = await this.charts.getTimeRange(sensor);
    await this.pages.send(request, response, 'sensor.html', {
      title: name,
      sensor: { id, name, unit, timezone, asset: { id: asset.id, name: asset.name } },
      resolution: durationInWords(sensor.eventResolutionMs),
      address: this.addresses.forSensor(id, host),
      panels: JSON.stringify([this.charts.sensorPanel(sensor)]),
      period: defaultPeriod(range, this.clock.now(), timezone),
      latest: await this.latest.list([sensor]),
      can_schedule: canSchedule(sensor, asset, user),
      can_upload: isAllowed(user, 'create-children', sensorRules(sensor)),
      can_delete: isAllowed(user, 'delete', sensorRules(sensor)),
      has_statistics: isCounted,
      statistics: isCounted ? await this.statisticsOf(sensor) : [],
    });
  }

  /** Whether statistics take so little time that the page need not be asked for them. */
  private async isSmall(sensor: Sensor): Promise<boolean> {
    return (await this.beliefs.countUpTo(MAX_COUNTED + 1, sensor, {})) <= MAX_COUNTED;
  }

  private async statisticsOf(sensor: Sensor) {
    const { sources } = toSensorStats(sensor, await this.beliefs.figuresBySource(sensor), true);
    return sources.map(({ source, count, min, max, mean, sum, ...times }) => ({
      ...{ source: `${source.name} (ID: ${source.id})`, count },
      first: timeInWords(times.first_event_start),
      last: timeInWords(times.last_event_end),
      recorded: timeInWords(times.last_belief_time),
      ...{ min: shownNumber(min), max: shownNumber(max), mean: shownNumber(mean), sum: shownNumber(sum) },
    }));
  }
}
