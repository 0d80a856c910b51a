import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { DetailedAsset } from '#lib/assets';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { AssetChanges } from '../../v3/assets/asset-changes.service';
import { AssetPatch } from '../../v3/assets/assets.dto';
import { SiteSchedulePreviewPost } from '../../v3/schedules/schedules.dto';
import { SitePreviews } from '../../v3/schedules/site-previews.service';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { SiteDevices } from '../plans/site-devices.service';
import { readStart, startNames, toSiteBody } from '../plans/starting-conditions';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import {
  ALL_NAMES,
  API_NAMES,
  GROUPS,
  NAMES_BY_API,
  readJson,
  readRows,
  type Flexibility,
  type ReadForm,
} from './flexibility-form';
import { FlexibilityPage, storedForm, type ShownForm } from './flexibility-page.service';
import { addSeries, splitSeries } from './passing-series';
import { storedOf, versionOf } from './stored-version';

const CHANGED =
  'Someone else has changed the flexibility since you opened this page. Your input is below: save again to replace what is stored, or open the page again.';

/** The form about the flexibility of an asset and its site, and a dry run of it. */
@ApiExcludeController()
@Controller('assets/:id/flexibility')
export class FlexibilityController {
  constructor(
    private readonly page: FlexibilityPage,
    private readonly devices: SiteDevices,
    private readonly changes: AssetChanges,
    private readonly previews: SitePreviews,
  ) {}

  @Get()
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const site = await this.devices.of(asset, user);
    const view = request.query['view'] === 'json' ? 'json' : 'form';
    const shown = { view, site, read: storedForm(asset, site.timezone), start: site.suggested } as const;
    await this.page.send(asset, user, request, response, shown);
  }

  /** The addresses at which the form was shown last, for people who open them again. */
  @Get(['view', 'preview'])
  @RequiresPermission('read', 'asset')
  showAgain(@Resource() { id }: DetailedAsset, @Res() response: Response): void {
    response.redirect(303, `/assets/${id}/flexibility`);
  }

  /** Shows what was typed as JSON, or as a form, without saving it; with `as=sent`, as it was sent. */
  @Post('view')
  @RequiresPermission('read', 'asset')
  async switchView(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const shown = await this.read(asset, user, request);
    const isRead = Object.keys(shown.read.reasons).length === 0;
    const isSwitched = isRead && request.query['as'] !== 'sent';
    const view = isSwitched ? (shown.view === 'json' ? 'form' : 'json') : shown.view;
    await this.page.send(asset, user, request, response, { ...shown, view }, problemsOf(shown.read));
  }

  @Post()
  @RequiresPermission('update', 'asset')
  async save(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const shown = await this.read(asset, user, request);
    const { values, reasons } = shown.read;
    if (Object.keys(reasons).length > 0) {
      await this.page.send(asset, user, request, response, shown, problemsOf(shown.read));
      return;
    }
    if (shown.version !== versionOf(asset)) {
      const problems = { status: 409, problem: CHANGED };
      const again = { ...shown, version: undefined };
      await this.page.send(asset, user, request, response, again, problems);
      return;
    }
    try {
      await this.changes.update(asset, await validateFields(AssetPatch, changedOf(asset, values)), user);
      response.redirect(
        303,
        `/assets/${asset.id}/flexibility?saved${shown.view === 'json' ? '&view=json' : ''}`,
      );
    } catch (error) {
      const problems = this.explain(error, request, shown, {});
      await this.page.send(asset, user, request, response, shown, problems);
    }
  }

  /** Shows what schedules would do with what was typed, without saving it. */
  @Post('preview')
  @LimitsTriggers()
  @RequiresPermission('read', 'asset')
  async preview(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const shown = await this.read(asset, user, request);
    const { site, read, start } = shown;
    if (Object.keys(read.reasons).length > 0) {
      await this.page.send(asset, user, request, response, shown, problemsOf(read));
      return;
    }
    const hasModel = Object.keys(read.values['flex-model']).length > 0;
    const isUnstored = (device: { assetId: number }): boolean =>
      device.assetId === asset.id ? !hasModel : false;
    const { body, names } = toSiteBody(start, site.devices, site, isUnstored);
    // What holds for some days only is no part of what would be stored.
    const { lasting, passing } = splitSeries(read.values);
    Object.assign(names, addSeries(body, asset.id, passing));
    try {
      const flexibility = apiFields(lasting);
      const sent = await validateFields(SiteSchedulePreviewPost, { ...body, flexibility });
      const { preview, notes } = await this.previews.compute(asset, sent, user);
      await this.page.send(asset, user, request, response, { ...shown, preview, notes });
    } catch (error) {
      const problems = this.explain(error, request, shown, names);
      await this.page.send(asset, user, request, response, shown, problems);
    }
  }

  private async read(asset: DetailedAsset, user: ApiUser, request: PageRequest): Promise<ShownForm> {
    const view = fieldOf(request, 'view') === 'json' ? 'json' : 'form';
    const stored = storedOf(asset);
    const { timezone } = await this.devices.of(asset, user);
    const read = (view === 'json' ? readJson : readRows)(request, stored, timezone);
    const site = await this.devices.of(asset, user, read.values['flex-model']);
    const start = readStart(request, site.devices);
    return { view, read, site, start, version: fieldOf(request, 'version') };
  }

  private explain(
    error: unknown,
    request: PageRequest,
    { view, site }: ShownForm,
    names: Readonly<Record<string, string>>,
  ): FormProblems {
    if (view === 'json') {
      const known = [...Object.values(API_NAMES), ...startNames(site.devices)];
      const groups = Object.values(API_NAMES).map((name): [string, string] => [`flexibility.${name}`, name]);
      return formProblems(error, request, known, { ...names, ...Object.fromEntries(groups) });
    }
    const known = [...ALL_NAMES, ...startNames(site.devices)];
    return formProblems(error, request, known, { ...NAMES_BY_API, ...names });
  }
}

const problemsOf = ({ reasons }: ReadForm): Partial<FormProblems> =>
  Object.keys(reasons).length > 0 ? { status: 422, reasons } : {};

/** Flexibility by the names of assets in the API. */
const apiFields = (values: Flexibility): Record<string, unknown> =>
  Object.fromEntries(GROUPS.map((group) => [API_NAMES[group], values[group]]));

/** The groups that were changed: what was stored by other means need not be valid as long as it stays. */
function changedOf(asset: DetailedAsset, values: Flexibility): Record<string, unknown> {
  const stored = storedOf(asset);
  const isChanged = (group: (typeof GROUPS)[number]): boolean =>
    JSON.stringify(sorted(stored[group])) !== JSON.stringify(sorted(values[group]));
  return Object.fromEntries(GROUPS.filter(isChanged).map((group) => [API_NAMES[group], values[group]]));
}

const sorted = (fields: Record<string, unknown>): [string, unknown][] =>
  Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
