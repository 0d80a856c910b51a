import { Body, Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { AccountsService, accountRules, type Account } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { AssetsService, type Asset, type Attributes } from '#lib/assets';
import { AssetRemovalService } from '#lib/beliefs';
import { requirePermission, RequiresPermission, Resource, User } from '../auth/permission.guard';
import { unprocessable } from '../errors/api-error';
import { validated } from '../errors/validation';
import { AssetPatch, AssetPost } from './assets.dto';
import { toAssetResponse } from './responses';

@Controller('api/v3_0/assets')
export class AssetsController {
  constructor(
    private readonly assets: AssetsService,
    private readonly accounts: AccountsService,
    private readonly removal: AssetRemovalService,
  ) {}

  @Get()
  @RequiresPermission('read', 'account-of-query')
  async list(@Resource() account: Account) {
    return (await this.assets.listByAccount(account.id)).map(toAssetResponse).reverse();
  }

  @Get('public')
  async listPublic() {
    return (await this.assets.listByAccount(null)).map(toAssetResponse).reverse();
  }

  @Post()
  @HttpCode(201)
  async create(@Body(validated('json')) body: AssetPost, @User() user: Requester) {
    const account = await this.accounts.get(body.account_id).catch(() => {
      throw unprocessable('json', { account_id: [`Account with id ${body.account_id} doesn't exist.`] });
    });
    requirePermission(user, 'create-children', accountRules(account));
    const { name, latitude, longitude, generic_asset_type_id: assetTypeId, attributes } = body;
    const asset = {
      name,
      latitude,
      longitude,
      assetTypeId,
      accountId: account.id,
      attributes: parsed(attributes),
    };
    return toAssetResponse(await this.assets.create(asset));
  }

  @Get(':id')
  @RequiresPermission('read', 'asset')
  get(@Resource() asset: Asset) {
    return { ...toAssetResponse(asset), status: 200 };
  }

  @Patch(':id')
  @RequiresPermission('update', 'asset')
  async update(@Resource() asset: Asset, @Body(validated('json')) body: AssetPatch) {
    const { generic_asset_type_id: assetTypeId, attributes, ...rest } = body;
    const changed = await this.assets.update(asset, { ...rest, assetTypeId, attributes: parsed(attributes) });
    return { ...toAssetResponse(changed), status: 200 };
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresPermission('delete', 'asset')
  async delete(@Resource() asset: Asset): Promise<void> {
    await this.removal.removeAsset(asset.id);
  }
}

const parsed = (attributes: string | undefined): Attributes | undefined =>
  attributes === undefined ? undefined : (JSON.parse(attributes) as Attributes);
