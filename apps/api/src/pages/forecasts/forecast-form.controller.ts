import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { RequestedForecastJobs } from '#lib/forecasting';
import type { Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { rejected } from '../../http/errors/api-error';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { toForecastTrigger } from '../../v3/forecasts/forecast-requests';
import { ForecastPost } from '../../v3/forecasts/forecast-requests.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { localOf } from '../forms/local-times';
import { Pages } from '../frame/pages.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { FIELDS_BY_API_NAME, FORECAST_FIELDS, toForecastBody, type ForecastForm } from './forecast-form';
import { HelpfulSensors } from './helpful-sensors.service';

const DURATIONS = [
  ['PT6H', '6 hours'],
  ['PT24H', '24 hours'],
  ['PT48H', '48 hours'],
  ['P7D', '7 days'],
];
const MODELS = [
  ['', 'The model of this server'],
  ['naive', 'No model: the same time of an earlier day or week'],
];

/** The form with which a person asks for forecasts of a sensor. */
@ApiExcludeController()
@Controller('sensors/:id/forecast')
export class ForecastFormController {
  constructor(
    private readonly pages: Pages,
    private readonly jobs: RequestedForecastJobs,
    private readonly helpful: HelpfulSensors,
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
    const { eventResolutionMs: stepMs, timezone } = sensor;
    if (stepMs <= 0)
      throw rejected(404, 'NOT_FOUND', 'Only sensors of events with a duration have forecasts.');
    const start = localOf(Math.ceil(this.clock.now() / stepMs) * stepMs, timezone);
    const form = { start, duration: 'PT24H', model: '', regressor: '', positive: '' };
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
    const form: ForecastForm = fieldsOf(request, FORECAST_FIELDS);
    try {
      const body = await validateFields(
        ForecastPost,
        toForecastBody(form, sensor.timezone, this.clock.now()),
      );
      const { id } = await this.jobs.trigger(sensor, toForecastTrigger(body), user);
      response.redirect(303, `/jobs/${id}`);
    } catch (error) {
      const problems = formProblems(error, request, FORECAST_FIELDS, FIELDS_BY_API_NAME);
      await this.send(sensor, user, request, response, form, problems);
    }
  }

  private async send(
    sensor: Sensor,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    form: ForecastForm,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const { id, name, timezone, asset } = sensor;
    const content = {
      title: `Forecast ${name} of ${asset.name}`,
      sensor: { id, name, timezone, asset: { id: asset.id, name: asset.name } },
      helpful: await this.helpful.choicesFor(sensor, user),
      ...{ form, durations: DURATIONS, models: MODELS, problem, reasons },
    };
    await this.pages.send(request, response.set(headers), 'forecast-form.html', content, { status });
  }
}
