import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { parseInstant } from '#lib/time';
import type { ApiUser } from '../auth/api-user';
import { RequiresPermission, Resource, User } from '../auth/permission.guard';
import { Operation, REPLACEMENT } from '../contract/operation';
import { validated } from '../errors/validation';
import { DataUpload } from '../uploads/data-upload.dto';
import { DataUploadService } from '../uploads/data-upload.service';
import { jsonOrForm } from '../uploads/json-or-form';
import { TakesForm } from '../uploads/takes-form';
import { toSensorStats } from './responses';
import { SensorDataExchange } from './sensor-data-exchange.service';
import { DataOfSensorPost, DataOfSensorQuery, DataReceipt, SensorData } from './sensor-data.dto';
import { EventWindowQuery, SensorStats } from './sensor-stats.dto';

/** Data of the sensor in the path. */
@Controller('api/v3_0/sensors/:id')
export class DataOfSensorController {
  constructor(
    private readonly exchange: SensorDataExchange,
    private readonly uploads: DataUploadService,
    private readonly beliefs: BeliefsService,
  ) {}

  @Get('data')
  @Operation('getDataOfSensor', { answer: SensorData, fails: [403, 422] })
  @RequiresPermission('read', 'sensor')
  get(@Resource() sensor: Sensor, @Query(validated('query')) query: DataOfSensorQuery) {
    return this.exchange.get(sensor, query, query.unit);
  }

  @Post('data')
  @Operation('postDataOfSensor', {
    answer: DataReceipt,
    status: 200,
    fails: [422, 429],
    failures: { 403: REPLACEMENT },
  })
  @TakesForm(DataOfSensorPost, DataUpload)
  @RequiresPermission('create-children', 'sensor')
  post(
    @Resource() sensor: Sensor,
    @Body(jsonOrForm(DataOfSensorPost, DataUpload)) body: DataOfSensorPost | DataUpload,
    @User() user: ApiUser,
  ) {
    return body instanceof DataUpload
      ? this.uploads.post(sensor, body, user)
      : this.exchange.post(sensor, body, user);
  }

  @Get('stats')
  @Operation('getSensorStats', { answer: SensorStats, fails: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async stats(@Resource() sensor: Sensor, @Query(validated('query')) query: EventWindowQuery) {
    const { event_starts_after: after, event_ends_before: before } = query;
    const figures = await this.beliefs.figuresBySource(sensor, {
      eventStartsAfterMs: after === undefined ? undefined : parseInstant(after),
      eventEndsBeforeMs: before === undefined ? undefined : parseInstant(before),
    });
    return { ...toSensorStats(sensor, figures), status: 200 };
  }
}
