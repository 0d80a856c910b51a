import { Injectable } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import type { Attributes, DetailedAsset } from './asset.entity';
import { AssetTreeRepository, type AssetFlexibility, type ChildAsset } from './asset-tree.repository';
import { AssetsRepository } from './assets.repository';

/** Maximum number of levels of a tree. */
const MAX_LEVELS = 50;

/** The place of an asset in the tree. */
type Place = Pick<DetailedAsset, 'accountId'> & { parentAssetId?: number | null };

/** The tree of assets: children, what assets inherit from those above them, and which parents are allowed. */
@Injectable()
export class AssetTree {
  constructor(
    private readonly assets: AssetsRepository,
    private readonly tree: AssetTreeRepository,
  ) {}

  /** The attributes of an asset, then those of its parent, and so on up to the root. */
  findAttributesUpToRoot(id: number): Promise<Attributes[]> {
    return this.tree.findAttributesUpToRoot(id);
  }

  /** What an asset stores about flexibility, then what its parent does, and so on up to the root. */
  findFlexibilityUpToRoot(id: number): Promise<AssetFlexibility[]> {
    return this.tree.findFlexibilityUpToRoot(id);
  }

  /** The asset and its descendants that have a flex-model, nearest first. */
  findFlexModelsBelow(id: number): Promise<AssetFlexibility[]> {
    return this.tree.findFlexModelsBelow(id);
  }

  /** The children of each asset, ordered by id; assets without children are left out. */
  async findChildren(ids: number[]): Promise<Map<number, ChildAsset[]>> {
    const byParent = new Map<number, ChildAsset[]>();
    for (const child of await this.tree.findChildren(ids)) {
      const siblings = byParent.get(child.parentAssetId);
      if (siblings) siblings.push(child);
      else byParent.set(child.parentAssetId, [child]);
    }
    return byParent;
  }

  /** Ids of the assets and of their descendants. @param depth number of levels below the assets; all if not given */
  findTree(ids: number[], depth?: number): Promise<number[]> {
    return this.tree.findTree(ids, depth);
  }

  /** As `findTree`; also locks the assets: until the transaction ends, nobody else adds sensors or children to them. */
  lockTree(ids: number[]): Promise<number[]> {
    return this.tree.lockTree(ids);
  }

  /**
   * Checks the parent of an asset, and prevents moves within the account until the transaction ends.
   * @param id of the asset, if it exists already
   * @throws DomainError PARENT_ASSET_INVALID if the parent does not exist, belongs to another account, is below the asset,
   *   or if the tree gets too deep
   */
  async checkParent({ accountId, parentAssetId }: Place, id?: number): Promise<void> {
    if (parentAssetId == null) return;
    await this.tree.lockShape(accountId);
    const parent = await this.assets.findById(parentAssetId);
    if (!parent) throw parentError(`Parent GenericAsset with id ${parentAssetId} doesn't exist.`);
    if (parent.accountId !== accountId)
      throw parentError('Parent asset must belong to the same account as the child asset.');
    const path = await this.tree.findPath(parentAssetId);
    if (id !== undefined && path.includes(id))
      throw parentError(`Asset ${parentAssetId} is asset ${id} itself or below it.`);
    const levels = path.length + 1 + (id === undefined ? 0 : await this.tree.findHeight(id));
    if (levels > MAX_LEVELS)
      throw parentError(`A tree of assets must not have more than ${MAX_LEVELS} levels.`);
  }

  /** Lets only one transaction at a time move or copy assets within an account. Trees have assets of one account. */
  lockShape(accountId: number | null): Promise<void> {
    return this.tree.lockShape(accountId);
  }

  /** Whether an asset may have the name at this place. */
  async isNameFree(name: string, place: Place): Promise<boolean> {
    return (await this.assets.findSibling(name, place)) === null;
  }

  /**
   * Checks that no other asset has the name: below the same parent or, without a parent, among the assets of the account
   * that have none.
   * @param id of the asset, if it exists already
   * @throws DomainError ASSET_EXISTS
   */
  async checkName(asset: Place & { name: string }, id?: number): Promise<void> {
    const namesake = await this.assets.findSibling(asset.name, asset);
    if (namesake && namesake.id !== id) throw nameExistsError(asset);
  }
}

/** The error for a name that a sibling has. */
export function nameExistsError({ name, accountId, parentAssetId }: Place & { name: string }): DomainError {
  const owner = accountId === null ? 'among the public assets' : 'in this account';
  const place = parentAssetId == null ? owner : `under parent asset ${parentAssetId}`;
  return new DomainError('ASSET_EXISTS', `An asset with the name ${name} already exists ${place}.`, 'name');
}

const parentError = (message: string): DomainError =>
  new DomainError('PARENT_ASSET_INVALID', message, 'parent_asset_id');
