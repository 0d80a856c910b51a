import { Body, Controller, Delete, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { BeliefMaintenanceService } from '#lib/beliefs';
import { SourcesService, type Sensor } from '#lib/sensors';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { largeJson } from '../../http/answers/large-json';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { AcceptsParametersInBody, LimitsBody, SERIES_BODY } from '../../http/bodies/body-limits';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation, REPLACEMENT_ERRORS } from '../../http/schema/operation';
import { EMPTY_IF_MISSING, validationPipe } from '../../http/schema/validation';
import { formOnly, jsonOrForm } from '../../http/uploads/json-or-form';
import { AcceptsFiles, AcceptsForm } from '../../http/uploads/accepts-form';
import { checkDeletion, DataDeletion, toDeletedPeriod } from './data-deletion.dto';
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
    private readonly heavyReads: HeavyReads,
    private readonly maintenance: BeliefMaintenanceService,
    private readonly sources: SourcesService,
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
  @AcceptsIdempotencyKey()
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

  @Delete('data')
  @Operation('deleteDataOfSensor', { errors: [403, 422] })
  @RequiresPermission('delete', 'sensor')
  async delete(
    @Resource() sensor: Sensor,
    @Body(EMPTY_IF_MISSING, validationPipe('json')) body: DataDeletion,
    @Req() request: Request,
  ): Promise<void> {
    checkDeletion(request);
    const period = toDeletedPeriod(body, sensor.eventResolutionMs);
    if (body.source !== undefined) await this.sources.get(body.source);
    await this.maintenance.deleteData(sensor, { ...period, sourceId: body.source });
  }

  @Post('data/upload')
  @AcceptsIdempotencyKey()
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
}
