import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { isPowerUnit } from '#lib/units';
import type { Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { rejected } from '../../http/errors/api-error';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { SchedulePost } from '../../v3/schedules/schedules.dto';
import { ScheduleTrigger } from '../../v3/schedules/schedule-trigger.service';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { localOf } from '../forms/local-times';
import { Pages } from '../frame/pages.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { PriceSensors } from './price-choices.service';
import {
  namesByApi,
  SCHEDULE_FIELDS,
  TIMED_SUBJECTS,
  toScheduleBody,
  type ScheduleForm,
} from './schedule-form';
import { readTimed, timedNames, timedSections } from './timed-rows';

const DURATIONS = [
  ['PT6H', '6 hours'],
  ['PT12H', '12 hours'],
  ['PT24H', '24 hours'],
  ['PT48H', '48 hours'],
];
const QUARTER_MS = 900_000;

/** The form with which a person asks for a schedule of a device. */
@ApiExcludeController()
@Controller('sensors/:id/schedule')
export class ScheduleFormController {
  constructor(
    private readonly pages: Pages,
    private readonly prices: PriceSensors,
    private readonly triggering: ScheduleTrigger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @RequiresPermission('create-children', 'sensor')
  async show(
    @Resource() sensor: Sensor,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (!isPowerUnit(sensor.unit)) throw rejected(404, 'NOT_FOUND', 'Only sensors of power have schedules.');
    const stepMs = sensor.eventResolutionMs || QUARTER_MS;
    const start = localOf(Math.ceil(this.clock.now() / stepMs) * stepMs, sensor.timezone);
    const form = { start, duration: 'PT24H', soc_at_start: '', target: '', target_time: '' };
    await this.send(sensor, user, request, response, form);
  }

  @Post()
  @LimitsTriggers()
  @RequiresPermission('create-children', 'sensor')
  async trigger(
    @Resource() sensor: Sensor,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form: ScheduleForm = fieldsOf(request, SCHEDULE_FIELDS);
    const { read, reasons } = readTimed(request, TIMED_SUBJECTS, sensor.timezone);
    if (Object.keys(reasons).length > 0) {
      await this.send(sensor, user, request, response, form, { status: 422, reasons });
      return;
    }
    try {
      const sent = toScheduleBody(form, sensor.timezone, this.clock.now(), read);
      const body = await validateFields(SchedulePost, sent);
      const { id } = await this.triggering.trigger(sensor, body, user);
      response.redirect(303, `/jobs/${id}`);
    } catch (error) {
      const known = [...SCHEDULE_FIELDS, ...timedNames(TIMED_SUBJECTS)];
      const problems = formProblems(error, request, known, namesByApi(form, read));
      await this.send(sensor, user, request, response, form, problems);
    }
  }

  /** @param form without a sensor of prices, one is suggested */
  private async send(
    sensor: Sensor,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    form: Omit<ScheduleForm, 'price_sensor'> & Partial<ScheduleForm>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const prices = await this.prices.choicesFor(sensor, user);
    const { id, name, timezone, asset } = sensor;
    const content = {
      title: `Schedule ${asset.name}`,
      sensor: { id, name, timezone, asset: { id: asset.id, name: asset.name } },
      form: { price_sensor: prices.suggested, ...form },
      ...{ prices, durations: DURATIONS, problem, reasons },
      timed: timedSections(request, TIMED_SUBJECTS, reasons),
    };
    await this.pages.send(request, response.set(headers), 'schedule-form.html', content, { status });
  }
}
