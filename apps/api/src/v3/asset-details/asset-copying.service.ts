import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { accountRules, type AccessRules, type Requester } from '#lib/accounts/model';
import { AssetCopies, type CopyTarget } from '#lib/administration';
import { assetRules, AssetsService, type DetailedAsset } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { unprocessable } from '../../http/errors/api-error';
import type { AssetCopy, AssetCopyQuery } from './asset-copies.dto';

/** Copies assets as users ask. */
@Injectable()
export class AssetCopying {
  constructor(
    private readonly copies: AssetCopies,
    private readonly assets: AssetsService,
    private readonly accounts: AccountsService,
  ) {}

  /**
   * Copies an asset: by default below the same parent; with an account alone, to its top level; with a parent alone, to the
   * account of the parent.
   * @throws ApiError 403 if the user may not create assets there, 422 for an unknown account or parent; DomainError as
   *   `AssetCopies.copy`
   */
  async copy(asset: DetailedAsset, { account, parent }: AssetCopyQuery, user: Requester): Promise<AssetCopy> {
    const isPlaced = account !== undefined || parent !== undefined;
    const parentAssetId = isPlaced ? (parent ?? null) : asset.parentAssetId;
    const parentAsset = parentAssetId === null ? undefined : await this.getParent(parentAssetId);
    const accountId = account ?? (parentAsset ?? asset).accountId;
    await this.requireAllowed({ accountId, parentAssetId }, parentAsset, user);
    const id = await this.copies.copy(asset, { accountId, parentAssetId }, user);
    const where = [
      ...(account === undefined ? [] : [` to account ${account}`]),
      ...(parent === undefined
        ? []
        : [account === undefined ? ` to parent asset ${parent}` : ` under parent ${parent}`]),
    ];
    return { asset: id, message: `Successfully copied asset ${asset.id}${where.join('')}.` };
  }

  private async requireAllowed(
    { accountId }: CopyTarget,
    parent: DetailedAsset | undefined,
    user: Requester,
  ): Promise<void> {
    if (parent) requirePermission(user, 'create-children', assetRules(parent));
    requirePermission(user, 'create-children', await this.rulesOf(accountId));
  }

  /** Without an account, only admins may create assets. */
  private async rulesOf(accountId: number | null): Promise<AccessRules> {
    if (accountId === null) return {};
    const account = await this.accounts.get(accountId).catch((error: unknown) => {
      throw queryError(error, 'account', `No account found with id ${accountId}.`);
    });
    return accountRules(account);
  }

  private getParent(id: number): Promise<DetailedAsset> {
    return this.assets.get(id).catch((error: unknown) => {
      throw queryError(error, 'parent', `No asset found with ID ${id}.`);
    });
  }
}

/** The error for a parameter that refers to nothing. */
const queryError = (error: unknown, name: string, reason: string): unknown =>
  error instanceof DomainError ? unprocessable('query', { [name]: [reason] }) : error;
