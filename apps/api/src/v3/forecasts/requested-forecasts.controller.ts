import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Requester } from '#lib/accounts/model';
import { RequestedForecastJobs } from '#lib/forecasting';
import type { Sensor } from '#lib/sensors';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { Rejection, ValidationFailure } from '../../http/schema/failures.dto';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { toForecastTrigger } from './forecast-requests';
import {
  ForecastInProgress,
  ForecastPost,
  ForecastReceipt,
  RequestedForecastAnswer,
} from './forecast-requests.dto';
import { toForecastResponse, toReceipt } from './forecast-responses';

/** Forecasts on demand of the sensor in the path. */
@Controller('api/v3_0/sensors/:id/forecasts')
export class RequestedForecastsController {
  constructor(private readonly jobs: RequestedForecastJobs) {}

  @Post('trigger')
  @LimitsTriggers()
  @AcceptsIdempotencyKey()
  @Operation('triggerForecast', {
    deviceScope: 'trigger',
    answer: ForecastReceipt,
    status: 202,
    errors: [403, 404, 422],
  })
  @RequiresPermission('create-children', 'sensor')
  async trigger(
    @Resource() sensor: Sensor,
    @Body(validationPipe('json')) body: ForecastPost,
    @User() user: Requester,
  ) {
    const { id, notes } = await this.jobs.trigger(sensor, toForecastTrigger(body), user);
    return toReceipt(sensor.id, id, notes);
  }

  @Get(':uuid')
  @Operation('getForecast', {
    deviceScope: 'read',
    answer: RequestedForecastAnswer,
    otherAnswers: { 202: ForecastInProgress },
    errors: [403],
    errorBodies: { 422: [ValidationFailure, Rejection] },
  })
  @RequiresPermission('read', 'sensor')
  async get(
    @Resource() sensor: Sensor,
    @Param('uuid') uuid: string,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { httpStatus, body } = toForecastResponse(sensor, uuid, await this.jobs.find(sensor, uuid, user));
    response.status(httpStatus);
    return body;
  }
}
