import { Inject, Injectable } from '@nestjs/common';
import { AssetLists, type DetailedAsset } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { AssetOwners } from '../assets/asset-owners.service';
import type { PageContent } from '../frame/pages.service';
import { tilesOf } from '../frame/tiles';
import { FirstSteps } from './first-steps.service';
import { groupTypes, iconOf, type TypeRow } from './type-groups';

/** More assets are not drawn. */
const MAX_ASSETS = 5000;

/** Roles that can switch the map to accounts. */
const SEES_ACCOUNTS = ['admin', 'admin-reader'];

/** What the dashboard shows: the assets of all accounts that the user can read, on a map and by type. */
@Injectable()
export class Dashboard {
  constructor(
    private readonly lists: AssetLists,
    private readonly owners: AssetOwners,
    private readonly firstSteps: FirstSteps,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'pages'>,
  ) {}

  async contentFor(user: ApiUser): Promise<PageContent> {
    const { items, total } = await this.lists.list(
      { allAccessible: true, offset: 0, limit: MAX_ASSETS },
      user,
    );
    const owned = items.filter(({ accountId }) => accountId !== null);
    const canCreate = this.owners.canCreate(user);
    return {
      title: 'Dashboard',
      places: JSON.stringify(owned.flatMap(placeOf)),
      tiles: tilesOf(this.settings.pages),
      types: groupTypes(await this.typesOf(owned), this.settings.pages.assetTypeGroups),
      has_assets: owned.length > 0,
      is_partial: total > items.length,
      sees_accounts: SEES_ACCOUNTS.some((role) => user.roles.includes(role)),
      can_create: canCreate,
      steps: await this.firstSteps.of(user, owned, canCreate),
    };
  }

  /** The types of assets with their counts. */
  async typesFor(user: ApiUser): Promise<TypeRow[]> {
    const { items } = await this.lists.list({ allAccessible: true, offset: 0, limit: MAX_ASSETS }, user);
    const owned = items.filter(({ accountId }) => accountId !== null);
    return groupTypes(await this.typesOf(owned), this.settings.pages.assetTypeGroups);
  }

  /** The types of the assets that are counted: in demo mode, those of all accounts. */
  private async typesOf(owned: readonly DetailedAsset[]): Promise<DetailedAsset['assetType'][]> {
    if (!this.settings.pages.isDemo) return owned.map(({ assetType }) => assetType);
    const listing = { allAccessible: true, offset: 0, limit: MAX_ASSETS };
    const { items } = await this.lists.list(listing, EVERYBODY);
    return items.filter(({ accountId }) => accountId !== null).map(({ assetType }) => assetType);
  }
}

/** Somebody who can read all assets. */
const EVERYBODY = { id: 0, accountId: 0, roles: ['admin-reader'] };

const placeOf = ({ id, name, assetType, account, latitude, longitude }: DetailedAsset) =>
  latitude === null || longitude === null
    ? []
    : [
        {
          id,
          name,
          type: assetType.name,
          account: account?.name ?? '',
          icon: iconOf(assetType.name),
          latitude,
          longitude,
        },
      ];
