import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { DetailedAsset } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import { SensorsService } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { rootPathFor } from '../frame/menu';
import { Pages } from '../frame/pages.service';
import { LatestValues } from '../graphs/latest-values.service';
import type { PageRequest } from '../sessions/page-request';
import { AttentionService } from './attention.service';
import { Dashboard } from './dashboard.service';
import { TypePowers } from './type-powers.service';

/** The start page and the dashboard. */
@ApiExcludeController()
@Controller()
export class DashboardController {
  constructor(
    private readonly pages: Pages,
    private readonly dashboard: Dashboard,
    private readonly sensors: SensorsService,
    private readonly latest: LatestValues,
    private readonly attention: AttentionService,
    private readonly powers: TypePowers,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'pages'>,
  ) {}

  /** The page that the settings name for the account of the user, else the dashboard; visitors get links. */
  @Get()
  @OptionalAuth()
  async start(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const { user } = request;
    if (!user?.session) return this.pages.send(request, response, 'landing.html', { title: 'Start' });
    const root = rootPathFor(this.settings.pages, user);
    if (root === undefined) await this.show(user, request, response);
    else response.redirect(303, root);
  }

  @Get('dashboard')
  async show(@User() user: ApiUser, @Req() request: PageRequest, @Res() response: Response): Promise<void> {
    await this.pages.send(request, response, 'dashboard.html', await this.dashboard.contentFor(user));
  }

  /** What is now: what needs attention, and the power of each type of assets. The dashboard loads it after it is shown. */
  @Get('dashboard/now')
  async showNow(
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const [attention, powers, types] = await Promise.all([
      this.attention.list(user),
      this.powers.list(user),
      this.dashboard.typesFor(user),
    ]);
    const now = { attention, powers: Object.fromEntries(powers.map(({ typeId, ...one }) => [typeId, one])) };
    await this.pages.send(request, response, 'dashboard-now.html', { types, ...now, title: 'Now' });
  }

  /** Pages of old versions. */
  @Get(['analytics', 'portfolio'])
  @OptionalAuth()
  moved(@Res() response: Response): void {
    response.redirect(303, '/dashboard');
  }

  /** The current state of an asset, for its popup on the map. */
  @Get('assets/:id/state')
  @RequiresPermission('read', 'asset')
  async state(
    @Resource() { id, name, assetType, account }: DetailedAsset,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const latest = await this.latest.list(await this.sensors.listByAsset(id));
    const asset = { id, name, type: assetType.name, owner: account?.name };
    await this.pages.send(request, response, 'asset-state.html', { title: name, asset, latest });
  }
}
