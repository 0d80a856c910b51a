import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Account } from '#lib/accounts';
import type { DetailedAsset } from '#lib/assets';
import { EnergyBalances } from '#lib/balance';
import { canRead } from '#lib/sensors';
import { addDays, CLOCK, dateAt, formatInstant, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { AssetHeaders } from '../assets/asset-header.service';
import { Pages, type PageContent } from '../frame/pages.service';
import type { PageRequest } from '../sessions/page-request';
import { balanceContent } from './balance-content';
import { readDays } from './days';

/** The energy balance of a site, and of all sites of an account. */
@ApiExcludeController()
@Controller()
export class BalancePagesController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly balances: EnergyBalances,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('assets/:id/balance')
  @RequiresPermission('read', 'asset')
  async showOfAsset(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(request, response, 'asset-balance.html', `/api/v3_0/assets/${asset.id}`, {
      title: `Energy balance of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Balance'),
      moreNotes: asset.parentAssetId === null ? [] : [PART_OF_SITE],
      read: (window) => this.balances.ofSite(asset, window, canRead(user)),
    });
  }

  @Get('accounts/:id/balance')
  @RequiresPermission('read', 'account')
  async showOfAccount(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(request, response, 'account-balance.html', `/api/v3_0/accounts/${account.id}`, {
      title: `Energy balance of ${account.name}`,
      account: { id: account.id, name: account.name },
      read: (window) => this.balances.ofAccount(account.id, window, canRead(user)),
    });
  }

  /** The days of the query, by default yesterday to tomorrow, as the zone of the site counts them. */
  private async send(
    request: PageRequest,
    response: Response,
    template: string,
    path: string,
    { read, moreNotes, ...content }: BalancePage,
  ): Promise<void> {
    const nowMs = this.clock.now();
    const { zone } = await read({ startMs: nowMs, endMs: nowMs + 1 });
    const today = dateAt(nowMs, zone);
    const days = readDays(request.query, today, zone);
    const balance = await read(days);
    await this.pages.send(request, response, template, {
      ...content,
      ...balanceContent(balance, moreNotes),
      ...{ first: days.first, last: days.last, today, problem: days.problem },
      data_url: `${path}/energy_balance`,
      start: formatInstant(days.startMs, zone),
      end: formatInstant(days.endMs, zone),
      ...{ yesterday: addDays(today, -1), tomorrow: addDays(today, 1), week_ago: addDays(today, -6) },
    });
  }
}

/** What import and export mean on the page of an asset that is in another one. */
const PART_OF_SITE =
  'This asset is part of another one: import and export are what it exchanges with that, which need not be bought or sold. The money is what it would be with the prices of the site.';

interface BalancePage extends PageContent {
  read: (window: Window) => ReturnType<EnergyBalances['ofSite']>;
  /** Sentences beside those of the balance. */
  moreNotes?: readonly string[];
}

interface Window {
  startMs: number;
  endMs: number;
}
