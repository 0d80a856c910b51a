import { Injectable } from '@nestjs/common';
import { isAllowed, readableAccountIds, type Requester } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { assetRules } from './access-rules';
import { AssetListRepository, type AssetListing, type AssetPage } from './asset-list.repository';
import { AssetTreeRepository } from './asset-tree.repository';
import { AssetsRepository } from './assets.repository';

/** Selects the assets that a user lists. */
export interface AssetListRequest extends Omit<
  AssetListing,
  'accountIds' | 'withPublic' | 'ids' | 'amongOwn'
> {
  /** Only assets of this account, which the user can read. */
  accountId?: number;
  /** Assets of all accounts that the user can read, and public assets. Has no effect with an account. */
  allAccessible?: boolean;
  /** Also public assets. Has no effect with an account. */
  includePublic?: boolean;
  /** Only this asset and its descendants, by default of all accounts that the user can read. */
  root?: number;
  /** Number of levels below the root; all if not given. */
  depth?: number;
}

/** Lists of assets, as a user may see them. */
@Injectable()
export class AssetLists {
  constructor(
    private readonly lists: AssetListRepository,
    private readonly assets: AssetsRepository,
    private readonly tree: AssetTreeRepository,
  ) {}

  /**
   * The assets of an account; by default of the account of the user.
   * @throws DomainError ASSET_LIST_INVALID for an unknown root or type, or a depth without a root; NOT_PERMITTED for a
   *   root that the user cannot read
   */
  async list(request: AssetListRequest, requester: Requester): Promise<AssetPage> {
    const { accountId, allAccessible = false, includePublic = false, root, depth, ...listing } = request;
    if (root === undefined && depth !== undefined)
      throw invalid('depth', 'Needs `root`: it is the number of levels below that asset.');
    if (listing.assetTypeId !== undefined) await this.checkType(listing.assetTypeId);
    const ids = root === undefined ? undefined : await this.findIdsBelow(root, depth, requester);
    const amongOwn = requester.assetIds;
    if (accountId !== undefined)
      return this.lists.list({ ...listing, ids, accountIds: [accountId], amongOwn });
    const isOfAll = allAccessible || root !== undefined;
    const accountIds = isOfAll ? readableAccountIds(requester) : [requester.accountId];
    const withPublic = isOfAll || includePublic;
    return this.lists.list({ ...listing, ids, accountIds, withPublic, amongOwn });
  }

  /** The public assets. */
  listPublic(listing: Omit<AssetListing, 'accountIds' | 'withPublic'>): Promise<AssetPage> {
    return this.lists.list({ ...listing, accountIds: [], withPublic: true });
  }

  private async findIdsBelow(
    root: number,
    depth: number | undefined,
    requester: Requester,
  ): Promise<number[]> {
    const asset = await this.assets.findById(root);
    if (!asset) throw invalid('root', `No asset found with ID ${root}.`);
    if (!isAllowed(requester, 'read', assetRules(asset)))
      throw new DomainError(
        'NOT_PERMITTED',
        `root: user ${requester.id} may not read asset ${root}.`,
        'root',
      );
    return this.tree.findTree([root], depth);
  }

  private async checkType(id: number): Promise<void> {
    if (await this.assets.findType({ id })) return;
    throw invalid('asset_type', `No generic asset type found with id ${id}.`);
  }
}

const invalid = (field: string, message: string): DomainError =>
  new DomainError('ASSET_LIST_INVALID', message, field);
