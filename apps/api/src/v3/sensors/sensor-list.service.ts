import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { accountRules, isAllowed, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, AssetTree, type Asset } from '#lib/assets';
import { SensorsService, type SensorRecords } from '#lib/sensors';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { storableId } from '../../http/auth/permissions/resource-loaders';
import { unprocessable } from '../../http/errors/api-error';
import { listingOf, recordPageOf } from '../../http/paging/list-query.dto';
import type { SensorListQuery } from './sensor-list.dto';

/** Lists the sensors that a query selects. */
@Injectable()
export class SensorList {
  constructor(
    private readonly sensors: SensorsService,
    private readonly accounts: AccountsService,
    private readonly assets: AssetsService,
    private readonly tree: AssetTree,
  ) {}

  /**
   * The sensors of an account, with or without its clients, or of an asset and the assets below it; by default of the account
   * of the user. On demand also those of public assets.
   * @throws ApiError 403, 422; DomainError ACCOUNT_NOT_FOUND, ASSET_NOT_FOUND
   */
  async page(query: SensorListQuery, user: Requester): Promise<SensorRecords> {
    const { account_id: account, asset_id: assetId, unit, include_public_assets: isWithPublic } = query;
    const asset = assetId === undefined ? undefined : await this.readableAsset(assetId, user);
    if (asset && account !== undefined && account !== asset.accountId)
      throw unprocessable('query', { account: ['Send either an account or an asset.'] });
    return this.sensors.page({
      ...{ unit, isWithPublic, amongAssets: user.assetIds },
      ...(asset
        ? { assetIds: await this.tree.findTree([asset.id]), accountIds: idsOf(asset) }
        : { accountIds: await this.findAccounts(account ?? user.accountId, query, user) }),
      ...listingOf(recordPageOf(query)),
      filter: query.filter,
    });
  }

  private async readableAsset(id: number, user: Requester): Promise<Asset> {
    const asset = await this.assets.get(storableId(id));
    requirePermission(user, 'read', assetRules(asset));
    return asset;
  }

  /** The account and, if the query asks for them, its clients that the user can read. */
  private async findAccounts(id: number, query: SensorListQuery, user: Requester): Promise<number[]> {
    const account = await this.accounts.get(storableId(id));
    requirePermission(user, 'read', accountRules(account));
    const clients =
      query.include_consultancy_clients === true ? await this.accounts.listClientIds(account.id) : [];
    return [account.id, ...clients.filter((client) => isAllowed(user, 'read', accountRules({ id: client })))];
  }
}

const idsOf = ({ accountId }: Asset): number[] => (accountId === null ? [] : [accountId]);
