import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Requester } from '#lib/accounts/model';
import { FinishedSchedules } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { LimitsBody, SCHEDULE_BODY } from '../../http/bodies/body-limits';
import { markDeprecated } from '../../http/headers/deprecation';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { DEPRECATION_HEADERS, Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { getFinishedSchedule, PROCESSED, toReceipt, toScheduleResponse } from './schedule-responses';
import { deprecatedFields, ScheduleTrigger } from './schedule-trigger.service';
import { Schedule, SchedulePost, ScheduleQuery, ScheduleReceipt } from './schedules.dto';

const TOP_LEVEL_FIELDS_DEPRECATION = {
  deprecated: 'Tue, 13 Dec 2022 23:59:59 GMT',
  sunset: 'Tue, 31 Jan 2023 23:59:59 GMT',
  link: 'https://flexmeasures.readthedocs.io/en/latest/api/change_log.html#v3-0-5-2022-12-30',
};

@Controller('api/v3_0/sensors/:id/schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: FinishedSchedules,
    private readonly triggering: ScheduleTrigger,
  ) {}

  @Post('trigger')
  @LimitsBody(SCHEDULE_BODY)
  @LimitsTriggers()
  @AcceptsIdempotencyKey()
  @Operation('triggerSchedule', {
    deviceScope: 'trigger',
    answer: ScheduleReceipt,
    status: 200,
    headers: DEPRECATION_HEADERS,
    errors: [403, 405, 422],
  })
  @RequiresPermission('create-children', 'sensor')
  async trigger(
    @Resource() sensor: Sensor,
    @Body(validationPipe('json')) body: SchedulePost,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ) {
    const deprecated = deprecatedFields(body);
    if (deprecated.length > 0) markDeprecated(response, TOP_LEVEL_FIELDS_DEPRECATION);
    const { id, notes } = await this.triggering.trigger(sensor, body, user);
    const message = [PROCESSED, ...notes, ...deprecationNotes(deprecated)].join(' ');
    return toReceipt(id, message, `sensors/${sensor.id}`);
  }

  @Get(':uuid')
  @Operation('getSchedule', { deviceScope: 'read', answer: Schedule, errors: [403, 405, 422] })
  @RequiresPermission('read', 'sensor')
  async get(
    @Resource() sensor: Sensor,
    @Param('uuid') uuid: string,
    @Query(validationPipe('args_and_json')) query: ScheduleQuery,
    @User() user: Requester,
  ) {
    const schedule = getFinishedSchedule(uuid, await this.schedules.find(sensor, uuid, user));
    return toScheduleResponse(sensor, schedule, query);
  }
}

/** A sentence about the deprecated fields of a request, if any. */
function deprecationNotes(deprecated: { field: string; group: string }[]): string[] {
  if (deprecated.length === 0) return [];
  const fields = deprecated.map(({ field, group }) => `${field} (please pass as part of ${group})`);
  return [
    `The following fields you sent are deprecated and will be sunset in the next version: ${fields.join(', ')}.`,
  ];
}
