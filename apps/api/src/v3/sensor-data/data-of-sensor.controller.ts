import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { BeliefsService } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { parseInstant } from '#lib/time';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { largeJson } from '../../http/answers/large-json';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { AcceptsParametersInBody, LimitsBody, SERIES_BODY } from '../../http/bodies/body-limits';
import { Operation, REPLACEMENT_ERRORS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { formOnly, jsonOrForm } from '../../http/uploads/json-or-form';
import { AcceptsFiles, AcceptsForm } from '../../http/uploads/accepts-form';
import { EventWindowQuery, SensorStats } from '../sensors/sensor-stats.dto';
import { toSensorStats } from '../sensors/sensors.mapper';
import { DataFilesUpload, DataUpload, MAX_FILES } from './data-upload.dto';
import { DataUploadService } from './data-upload.service';
import { SensorDataExchange } from './sensor-data-exchange.service';
import { DataOfSensorPost, DataOfSensorQuery, DataReceipt, SensorData } from './sensor-data.dto';

/** Data of the sensor in the path. */
@Controller('api/v3_0/sensors/:id')
export class DataOfSensorController {
  constructor(
    private readonly exchange: SensorDataExchange,
    private readonly uploads: DataUploadService,
    private readonly beliefs: BeliefsService,
    private readonly heavyReads: HeavyReads,
  ) {}

  @Get('data')
  @Operation('getDataOfSensor', { deviceScope: 'read', answer: SensorData, errors: [403, 422, 429] })
  @AcceptsParametersInBody()
  @RequiresPermission('read', 'sensor')
  async get(
    @Resource() sensor: Sensor,
    @Query(validationPipe('query')) query: DataOfSensorQuery,
    @User() user: ApiUser,
    @Res({ passthrough: true }) response: Response,
  ) {
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    return largeJson(await this.exchange.get(sensor, query, limitRead, query.unit), response);
  }

  @Post('data')
  @LimitsBody(SERIES_BODY)
  @Operation('postDataOfSensor', {
    deviceScope: 'post-data',
    answer: DataReceipt,
    status: 200,
    errors: [422, 429],
    errorBodies: { 403: REPLACEMENT_ERRORS },
  })
  @AcceptsForm(DataOfSensorPost, DataUpload)
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

  @Post('data/upload')
  @Operation('uploadDataOfSensor', {
    deviceScope: 'post-data',
    answer: DataReceipt,
    status: 200,
    errors: [422, 429],
    errorBodies: { 403: REPLACEMENT_ERRORS },
  })
  @AcceptsFiles(DataFilesUpload, { field: 'uploaded-files', maxFiles: MAX_FILES })
  @RequiresPermission('create-children', 'sensor')
  upload(
    @Resource() sensor: Sensor,
    @Body(formOnly(DataFilesUpload)) form: DataFilesUpload,
    @User() user: ApiUser,
  ) {
    return this.uploads.postFiles(sensor, form, user);
  }

  @Get('stats')
  @Operation('getSensorStats', { deviceScope: 'read', answer: SensorStats, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async stats(@Resource() sensor: Sensor, @Query(validationPipe('query')) query: EventWindowQuery) {
    const { event_starts_after: after, event_ends_before: before } = query;
    const figures = await this.beliefs.figuresBySource(sensor, {
      eventStartsAfterMs: after === undefined ? undefined : parseInstant(after),
      eventEndsBeforeMs: before === undefined ? undefined : parseInstant(before),
    });
    return { ...toSensorStats(sensor, figures), status: 200 };
  }
}
