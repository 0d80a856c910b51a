import { Injectable } from '@nestjs/common';
import { isAllowed } from '#lib/accounts/model';
import { assetRules, AssetLists, AssetsService, AssetTree, type DetailedAsset } from '#lib/assets';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** More assets are not offered as parents; others can be typed by their ids. */
const MAX_PARENTS = 500;

/** What the forms of assets offer to choose from. */
@Injectable()
export class AssetFormChoices {
  constructor(
    private readonly assets: AssetsService,
    private readonly lists: AssetLists,
    private readonly tree: AssetTree,
  ) {}

  /**
   * Types, and assets that an asset can be moved below: of its account, and not the asset itself or one below it.
   * @param asset undefined for a new one
   */
  async of(user: ApiUser, asset?: DetailedAsset) {
    const accountId = asset ? asset.accountId : user.accountId;
    const { items } =
      accountId === null
        ? { items: [] }
        : await this.lists.list({ accountId, offset: 0, limit: MAX_PARENTS }, user);
    const below = new Set(asset ? await this.tree.findTree([asset.id]) : []);
    const permission = asset ? 'update' : 'create-children';
    return {
      types: await this.assets.listTypes(),
      parents: items
        .filter((one) => !below.has(one.id) && isAllowed(user, permission, assetRules(one)))
        .map(({ id, name }) => ({ id, name })),
    };
  }
}
