import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { accountRules, type AccessRules, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, type DetailedAsset } from '#lib/assets';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { toFieldError } from '../../http/errors/to-field-error';
import { AssetReferences } from './asset-references.service';
import type { AssetPatch, AssetPost } from './assets.dto';
import { toAssetFields } from './assets.mapper';

/** Creates and changes assets as users ask. */
@Injectable()
export class AssetChanges {
  constructor(
    private readonly assets: AssetsService,
    private readonly accounts: AccountsService,
    private readonly references: AssetReferences,
  ) {}

  /**
   * Creates an asset. Below a parent, its account is that of the parent unless one is given.
   * @throws ApiError 403 without permission, 422 for an unknown account; DomainError as `AssetsService.create`
   */
  async create(body: AssetPost, user: Requester): Promise<DetailedAsset> {
    const parent = body.parent_asset_id == null ? undefined : await this.getParent(body.parent_asset_id);
    const accountId = body.account_id === undefined ? (parent?.accountId ?? null) : body.account_id;
    if (parent) requirePermission(user, 'create-children', assetRules(parent));
    requirePermission(user, 'create-children', await this.rulesOfOwner(accountId));
    const fields = toAssetFields(body);
    const asset = { ...fields, name: body.name, assetTypeId: body.generic_asset_type_id, accountId };
    await this.references.check(fields, user);
    return this.assets.create(asset);
  }

  /**
   * Changes the fields that the body has.
   * @throws ApiError 403 if the user may not add assets below a new parent; DomainError as `AssetsService.update`
   */
  async update(asset: DetailedAsset, body: AssetPatch, user: Requester): Promise<DetailedAsset> {
    const { parent_asset_id: parentId } = body;
    if (parentId != null && parentId !== asset.parentAssetId)
      requirePermission(user, 'update', assetRules(await this.getParent(parentId)));
    const fields = toAssetFields(body);
    await this.references.check(fields, user, asset);
    return this.assets.update(asset, fields);
  }

  private getParent(id: number): Promise<DetailedAsset> {
    const reason = `Parent GenericAsset with id ${id} doesn't exist.`;
    return this.assets.get(id).catch(toFieldError('ASSET_NOT_FOUND', 'parent_asset_id', reason));
  }

  /** Access rules of the asset's account. Without an account, only admins have permissions. */
  private async rulesOfOwner(accountId: number | null): Promise<AccessRules> {
    if (accountId === null) return {};
    const account = await this.accounts
      .get(accountId)
      .catch(toFieldError('ACCOUNT_NOT_FOUND', 'account_id', `Account with id ${accountId} doesn't exist.`));
    return accountRules(account);
  }
}
