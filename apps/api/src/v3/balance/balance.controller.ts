import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Account } from '#lib/accounts';
import type { DetailedAsset } from '#lib/assets';
import { EnergyBalances } from '#lib/balance';
import { canRead } from '#lib/sensors';
import { MINUTE_MS, parseInstant } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { EnergyBalance, EnergyBalanceQuery } from './balance.dto';
import { toEnergyBalance } from './balance.mapper';

/** About how many beliefs a balance reads for each quarter-hour. */
const BELIEFS_PER_STEP = 30;

/** How energy flows at sites. */
@Controller('api/v3_0')
export class BalanceController {
  constructor(
    private readonly balances: EnergyBalances,
    private readonly heavyReads: HeavyReads,
  ) {}

  @Get('assets/:id/energy_balance')
  @Operation('getAssetEnergyBalance', {
    ...{ deviceScope: 'read', answer: EnergyBalance, errors: [403, 404, 422, 429] },
  })
  @RequiresPermission('read', 'asset')
  async ofAsset(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: EnergyBalanceQuery,
    @User() user: ApiUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnergyBalance> {
    const window = windowOf(query);
    return this.limit(user, response, window, () => this.balances.ofSite(asset, window, canRead(user)));
  }

  @Get('accounts/:id/energy_balance')
  @Operation('getAccountEnergyBalance', { answer: EnergyBalance, errors: [403, 404, 422, 429] })
  @RequiresPermission('read', 'account')
  async ofAccount(
    @Resource() account: Account,
    @Query(validationPipe('query')) query: EnergyBalanceQuery,
    @User() user: ApiUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnergyBalance> {
    const window = windowOf(query);
    return this.limit(user, response, window, () =>
      this.balances.ofAccount(account.id, window, canRead(user)),
    );
  }

  private async limit(
    user: ApiUser,
    response: Response,
    { startMs, endMs }: ReturnType<typeof windowOf>,
    read: () => ReturnType<EnergyBalances['ofSite']>,
  ): Promise<EnergyBalance> {
    const steps = (endMs - startMs) / (15 * MINUTE_MS);
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    return toEnergyBalance(await limitRead(steps * BELIEFS_PER_STEP, read));
  }
}

const windowOf = ({ start, end }: EnergyBalanceQuery) => ({
  startMs: parseInstant(start),
  endMs: parseInstant(end),
});
