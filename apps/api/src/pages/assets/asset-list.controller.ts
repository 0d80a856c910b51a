import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService, type Account } from '#lib/accounts';
import { accountRules, isAllowed } from '#lib/accounts/model';
import { AssetLists, AssetsService, type DetailedAsset } from '#lib/assets';
import { SensorsService } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { searchTerms } from '../../http/paging/search-terms';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import { listingOf, listView, readListState } from '../lists/list-view';
import type { PageRequest } from '../sessions/page-request';
import { AssetOwners } from './asset-owners.service';

const COLUMNS = [
  { title: 'Name', order: 'name' },
  { title: 'Location' },
  { title: 'Asset id', order: 'id' },
  { title: 'Account', order: 'owner' },
  { title: 'Type' },
  { title: 'Sensors' },
] as const;

/** The list of all assets that the user can read. */
@ApiExcludeController()
@Controller('assets')
export class AssetListController {
  constructor(
    private readonly pages: Pages,
    private readonly lists: AssetLists,
    private readonly assets: AssetsService,
    private readonly accounts: AccountsService,
    private readonly sensors: SensorsService,
    private readonly owners: AssetOwners,
  ) {}

  @Get()
  async show(@User() user: ApiUser, @Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const state = readListState(request, ['id', 'name', 'owner']);
    const type = (await this.assets.listTypes()).find(({ id }) => String(id) === request.query['type']);
    const account = await this.findAccount(request, user);
    const found = await this.lists.list(
      {
        ...{ allAccessible: true, terms: searchTerms(state.filter), ...listingOf(state) },
        ...{ assetTypeId: type?.id, accountId: account?.id },
        ...{ sortBy: state.sort, isDescending: state.isDescending },
      },
      user,
    );
    const sensors = await this.sensors.listNamesByAsset(found.items.map(({ id }) => id));
    await this.pages.send(request, response, 'assets.html', {
      title: 'Asset overview',
      list: listView(state, COLUMNS, found, {
        ...(type && { type: String(type.id) }),
        ...(account && { account: String(account.id) }),
      }),
      account: account && { id: account.id, name: account.name },
      type: type && { id: type.id, name: type.name },
      can_create: this.owners.canCreate(user),
      assets: found.items.map((asset) => ({
        ...{ id: asset.id, name: asset.name, type: asset.assetType.name, location: locationOf(asset) },
        owner: asset.account?.name,
        sensors: sensors.get(asset.id)?.length ?? 0,
      })),
    });
  }

  /** The account whose assets are asked for, if it is one that the user can read. */
  private async findAccount({ query }: PageRequest, user: ApiUser): Promise<Account | undefined> {
    const { account } = query;
    if (typeof account !== 'string' || !/^\d{1,9}$/.test(account)) return undefined;
    const id = Number(account);
    if (!isAllowed(user, 'read', accountRules({ id }))) return undefined;
    return this.accounts.get(id);
  }
}

/** "LAT: 52.3740 LONG: 4.8897" */
const locationOf = ({ latitude, longitude }: DetailedAsset): string =>
  latitude === null || longitude === null ? '' : `LAT: ${latitude.toFixed(4)} LONG: ${longitude.toFixed(4)}`;
