import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ScheduleJobsService, type ScheduleState } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { addDuration, formatDuration, formatInstant, parseDuration } from '#lib/time';
import { RequiresPermission, Resource } from '../auth/permission.guard';
import { markDeprecated } from '../deprecation';
import { rejected } from '../errors/api-error';
import { validated } from '../errors/validation';
import { deprecatedFields, toJob } from './schedule-trigger';
import { SchedulePost, ScheduleQuery } from './schedules.dto';

const PROCESSED = 'Request has been processed.';

const FLAT_FIELDS = {
  deprecated: 'Tue, 13 Dec 2022 23:59:59 GMT',
  sunset: 'Tue, 31 Jan 2023 23:59:59 GMT',
  link: 'https://flexmeasures.readthedocs.io/en/latest/api/change_log.html#v3-0-5-2022-12-30',
};

const DEFAULT_DURATION = parseDuration('PT6H');

@Controller('api/v3_0/sensors/:id/schedules')
export class SchedulesController {
  constructor(private readonly schedules: ScheduleJobsService) {}

  @Post('trigger')
  @HttpCode(200)
  @RequiresPermission('create-children', 'sensor')
  async trigger(
    @Resource() sensor: Sensor,
    @Body(validated('json')) body: SchedulePost,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { id, notes } = await this.schedules.trigger(toJob(sensor.id, body));
    const deprecated = deprecatedFields(body);
    const remarks = [...notes];
    if (deprecated.length > 0) {
      markDeprecated(response, FLAT_FIELDS);
      const list = deprecated.map(
        ({ field, group }) => `${field} (please pass as part of ${group.replace('-', '_')})`,
      );
      remarks.push(
        `The following fields you sent are deprecated and will be sunset in the next version: ${list.join(', ')}.`,
      );
    }
    return { status: 'PROCESSED', schedule: id, message: [PROCESSED, ...remarks].join(' ') };
  }

  @Get(':uuid')
  @RequiresPermission('read', 'sensor')
  async get(
    @Resource() sensor: Sensor,
    @Param('uuid') uuid: string,
    @Query(validated('query')) query: ScheduleQuery,
  ) {
    const { startMs, stepMs, values, notes } = finished(uuid, await this.schedules.find(sensor, uuid));
    const duration = query.duration === undefined ? DEFAULT_DURATION : parseDuration(query.duration);
    const steps = Math.floor((addDuration(startMs, duration, sensor.timezone) - startMs) / stepMs);
    const shown = values.slice(0, Math.max(0, steps));
    return {
      status: 'PROCESSED',
      message: [PROCESSED, ...notes].join(' '),
      values: Array.from(shown),
      start: formatInstant(startMs, sensor.timezone),
      duration: formatDuration(shown.length * stepMs),
      unit: sensor.unit,
    };
  }
}

function finished(uuid: string, state: ScheduleState) {
  const unknown = (reason: string) =>
    rejected(400, 'UNKNOWN_SCHEDULE', `No known schedule for this time period. ${reason}`);
  switch (state.state) {
    case 'finished':
      return state.schedule;
    case 'unknown':
      throw rejected(
        400,
        'UNRECOGNIZED_UDI_EVENT',
        `The requested UDI event (id = ${uuid}, type = job) is not known.`,
      );
    case 'failed':
      throw unknown(`Scheduling job failed with ${state.reason}`);
    case 'queued':
      throw unknown('Scheduling job waiting to be processed.');
    case 'started':
      throw unknown('Scheduling job in progress.');
  }
}
