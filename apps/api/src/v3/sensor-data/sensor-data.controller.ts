import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Permission, Requester } from '#lib/accounts/model';
import { sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { largeJson } from '../../http/answers/large-json';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { requirePermission, User } from '../../http/auth/permissions/permission.guard';
import { AcceptsParametersInBody, LimitsBody, SERIES_BODY } from '../../http/bodies/body-limits';
import { unprocessable, type FieldPlace } from '../../http/errors/api-error';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation, REPLACEMENT_ERRORS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { SensorDataExchange } from './sensor-data-exchange.service';
import { DataReceipt, SensorData, SensorDataPost, SensorDataQuery } from './sensor-data.dto';

/** Data of a sensor that the body or the query names. */
@Controller('api/v3_0/sensors/data')
export class SensorDataController {
  constructor(
    private readonly exchange: SensorDataExchange,
    private readonly sensors: SensorsService,
    private readonly heavyReads: HeavyReads,
  ) {}

  @Get()
  @Operation('getSensorData', { deviceScope: 'read', answer: SensorData, errors: [403, 422, 429] })
  @AcceptsParametersInBody()
  async get(
    @Query(validationPipe('query')) query: SensorDataQuery,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ) {
    const sensor = await this.sensor(query.sensor, 'query', user, 'read');
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    return largeJson(await this.exchange.get(sensor, query, limitRead, query.unit), response);
  }

  @Post()
  @LimitsBody(SERIES_BODY)
  @AcceptsIdempotencyKey()
  @Operation('postSensorData', {
    deviceScope: 'post-data',
    answer: DataReceipt,
    status: 200,
    errors: [422],
    errorBodies: { 403: REPLACEMENT_ERRORS },
  })
  post(@Body(validationPipe('json')) body: SensorDataPost, @User() user: ApiUser) {
    return this.exchange.post(this.sensor(body.sensor, 'json', user, 'create-children'), body, user);
  }

  /** Loads the sensor of a field and checks the user's permission. @throws ApiError 403, 422 */
  private async sensor(
    id: number,
    place: FieldPlace,
    user: Requester,
    permission: Permission,
  ): Promise<Sensor> {
    const sensor = await this.sensors.find(id);
    if (!sensor) throw unprocessable(place, { sensor: [`Sensor with id ${id} doesn't exist.`] });
    requirePermission(user, permission, sensorRules(sensor));
    return sensor;
  }
}
