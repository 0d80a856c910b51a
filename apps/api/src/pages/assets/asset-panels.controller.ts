import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { getSensorsToShow, type DetailedAsset } from '#lib/assets';
import { canRead, SensorsService } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { AssetChanges } from '../../v3/assets/asset-changes.service';
import { AssetPatch } from '../../v3/assets/assets.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import { AssetHeaders } from './asset-header.service';
import { afterButton, readRows, toPanels, toRow, type PanelRow } from './panel-rows';

/** More sensors are not offered; others can be typed by their ids. */
const MAX_SENSORS = 1000;

/** The form with which a person chooses and orders what the graphs of an asset show. */
@ApiExcludeController()
@Controller('assets/:id/panels')
export class AssetPanelsController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly changes: AssetChanges,
    private readonly sensors: SensorsService,
  ) {}

  @Get()
  @RequiresPermission('update', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(asset, user, request, response, getSensorsToShow(asset).map(toRow));
  }

  /** Changes the rows without saving them, or saves them. */
  @Post()
  @RequiresPermission('update', 'asset')
  async change(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const rows = readRows(request);
    const button = fieldOf(request, 'button');
    if (button !== 'save') {
      await this.send(asset, user, request, response, afterButton(rows, button));
      return;
    }
    const { panels, reasons } = toPanels(rows);
    if (Object.keys(reasons).length > 0) {
      await this.send(asset, user, request, response, rows, { status: 422, reasons });
      return;
    }
    try {
      const body = await validateFields(AssetPatch, { sensors_to_show: panels });
      await this.changes.update(asset, body, user);
      response.redirect(303, `/assets/${asset.id}`);
    } catch (error) {
      await this.send(asset, user, request, response, rows, formProblems(error, request, []));
    }
  }

  private async send(
    asset: DetailedAsset,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    rows: readonly PanelRow[],
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const { items } = await this.sensors.page({
      accountIds: asset.accountId === null ? [] : [asset.accountId],
      ...{ isWithPublic: true, amongAssets: user.assetIds, offset: 0, limit: MAX_SENSORS },
    });
    const found = (await this.sensors.listByIds(items.map(({ id }) => id))).filter(canRead(user));
    const names = new Map(found.map(({ id, name, asset: of }) => [String(id), `${of.name}: ${name}`]));
    const content = {
      title: `What the graphs of ${asset.name} show`,
      asset: await this.headers.of(asset, user, 'Graphs'),
      ...{ problem, reasons },
      rows: rows.map((row) => ({
        ...row,
        names: row.sensors
          .split(',')
          .flatMap((id) => names.get(id.trim()) ?? [])
          .join('; '),
      })),
      sensors: [...names].map(([id, name]) => ({ id, name })),
    };
    await this.pages.send(request, response.set(headers), 'asset-panels.html', content, { status });
  }
}
