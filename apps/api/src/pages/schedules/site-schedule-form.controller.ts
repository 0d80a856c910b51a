import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { DetailedAsset } from '#lib/assets';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { unauthorized } from '../../http/errors/api-error';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { ScheduleTrigger } from '../../v3/schedules/schedule-trigger.service';
import { SiteSchedulePost } from '../../v3/schedules/schedules.dto';
import { startContent } from '../flexibility/flexibility-page.service';
import { addSeries } from '../flexibility/passing-series';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { SiteDevices, type PlannedSite } from '../plans/site-devices.service';
import { readStart, startNames, toSiteBody, type StartForm } from '../plans/starting-conditions';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import { canScheduleSite } from './can-schedule';
import { PriceSensors } from './price-choices.service';
import {
  flexibilityOf,
  POWER_FIELDS,
  readTimed,
  SITE_SUBJECT,
  STORAGE_FIELDS,
  timedName,
  timedNames,
  timedSections,
  type TimedSubject,
} from './timed-rows';

const PRICE_SENSOR = 'price_sensor';

/** The form with which a person asks for schedules of all devices of a site. */
@ApiExcludeController()
@Controller('assets/:id/schedule')
export class SiteScheduleFormController {
  constructor(
    private readonly pages: Pages,
    private readonly prices: PriceSensors,
    private readonly devices: SiteDevices,
    private readonly triggering: ScheduleTrigger,
  ) {}

  @Get()
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (!canScheduleSite(asset, user)) throw unauthorized();
    const site = await this.devices.of(asset, user);
    await this.send(asset, user, request, response, site, site.suggested);
  }

  @Post()
  @LimitsTriggers()
  @RequiresPermission('read', 'asset')
  async trigger(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (!canScheduleSite(asset, user)) throw unauthorized();
    const site = await this.devices.of(asset, user);
    const form = readStart(request, site.devices);
    const subjects = subjectsOf(site);
    const { read, reasons } = readTimed(request, subjects, site.timezone);
    if (Object.keys(reasons).length > 0) {
      await this.send(asset, user, request, response, site, form, { status: 422, reasons });
      return;
    }
    const { body, names } = toSiteBody(form, site.devices, site, (one) => !site.isStored(one));
    const prices = fieldOf(request, PRICE_SENSOR);
    if (prices !== '') body['flex-context'] = { 'consumption-price-sensor': Number(prices) };
    for (const timed of read) {
      const { subject } = timed;
      const nameOf = (_group: unknown, field: string): string => timedName(subject, field);
      Object.assign(names, addSeries(body, subject.assetId ?? asset.id, flexibilityOf(timed), nameOf));
      // The API names fields of the flex-context without their group.
      if (subject.group === 'flex-context')
        for (const field of subject.fields) names[field] = timedName(subject, field);
    }
    try {
      const sent = await validateFields(SiteSchedulePost, body);
      const { id } = await this.triggering.triggerSite(asset, sent, user);
      response.redirect(303, `/jobs/${id}`);
    } catch (error) {
      const known = [...startNames(site.devices), PRICE_SENSOR, ...timedNames(subjects)];
      const byApi = { ...names, 'consumption-price-sensor': PRICE_SENSOR };
      const problems = formProblems(error, request, known, byApi);
      await this.send(asset, user, request, response, site, form, problems);
    }
  }

  private async send(
    asset: DetailedAsset,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    site: PlannedSite,
    form: StartForm,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const prices = await this.prices.choicesFor({ asset }, user);
    const sent = request.method === 'POST' ? fieldOf(request, PRICE_SENSOR) : prices.suggested;
    const content = {
      title: `Schedule ${asset.name}`,
      asset: { id: asset.id, name: asset.name },
      ...{ devices: site.devices, start: startContent(form, site), prices, price_sensor: sent },
      ...{ problem, reasons, timed: timedSections(request, subjectsOf(site), reasons) },
    };
    await this.pages.send(request, response.set(headers), 'site-schedule-form.html', content, { status });
  }
}

/** Each device, and the site. */
const subjectsOf = ({ devices }: PlannedSite): TimedSubject[] => [
  ...devices.map(({ assetId, name, isStorage }): TimedSubject => ({
    ...{ title: name, group: 'flex-model', assetId },
    fields: [...(isStorage ? STORAGE_FIELDS : []), ...POWER_FIELDS],
  })),
  SITE_SUBJECT,
];
