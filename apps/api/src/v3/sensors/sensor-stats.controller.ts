import { Controller, Get, Query } from '@nestjs/common';
import { BeliefsService, SensorStatusService } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { RequiresPermission, Resource } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { toStatsSearch } from './sensor-stats';
import { SensorStats, SensorStatusAnswer, StatsQuery } from './sensor-stats.dto';
import { toSensorStats, toSensorStatus } from './sensors.mapper';

/** Figures about the data of the sensor in the path. */
@Controller('api/v3_0/sensors/:id')
export class SensorStatsController {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly statuses: SensorStatusService,
  ) {}

  @Get('stats')
  @Operation('getSensorStats', { deviceScope: 'read', answer: SensorStats, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async stats(@Resource() sensor: Sensor, @Query(validationPipe('query')) query: StatsQuery) {
    const { sort = true } = query;
    const figures = await this.beliefs.figuresBySource(sensor, toStatsSearch(query));
    return { ...toSensorStats(sensor, figures, sort), status: 200 };
  }

  @Get('status')
  @Operation('getSensorStatus', { deviceScope: 'read', answer: SensorStatusAnswer, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async status(@Resource() sensor: Sensor) {
    return { ...toSensorStatus(sensor, await this.statuses.describe(sensor)), status: 200 };
  }
}
