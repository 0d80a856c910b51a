import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AccountsService, accountRules, type Account } from '#lib/accounts';
import type { AccessRules, Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { AssetsService, type Asset } from '#lib/assets';
import type { ListPage } from '#lib/database';
import { SensorsService } from '#lib/sensors';
import { requirePermission, RequiresPermission, Resource, User } from '../../http/auth/permission.guard';
import { missing } from '../../http/errors/missing';
import { listingOf, ListQuery } from '../../http/paging/list-query.dto';
import { AnswersPages, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGED } from '../../http/schema/operation';
import { validated } from '../../http/schema/validation';
import { Asset as AssetShown, AssetAnswer, AssetPatch, AssetPost, AssetType } from './assets.dto';
import { toAssetResponse, toAssetTypeResponse } from './assets.mapper';
import { AttributeReferences } from './attribute-references.service';
import { parsedAttributes } from './attributes';

@Controller('api/v3_0/assets')
export class AssetsController {
  constructor(
    private readonly assets: AssetsService,
    private readonly accounts: AccountsService,
    private readonly removal: AssetRemovalService,
    private readonly references: AttributeReferences,
    private readonly sensors: SensorsService,
  ) {}

  @Get()
  @Operation('listAssets', { answer: [AssetShown], headers: PAGED, fails: [403, 404, 422] })
  @AnswersPages()
  @RequiresPermission('read', 'account-of-query')
  async list(@Resource() account: Account, @Query(validated('query')) query: ListQuery) {
    return this.pageWithSensors(await this.assets.page(account.id, listingOf(query)), query);
  }

  @Get('public')
  @Operation('listPublicAssets', { answer: [AssetShown], headers: PAGED, fails: [422] })
  @AnswersPages()
  async listPublic(@Query(validated('query')) query: ListQuery) {
    return this.pageWithSensors(await this.assets.page(null, listingOf(query)), query);
  }

  @Get('types')
  @Operation('listAssetTypes', { answer: [AssetType], headers: PAGED, fails: [422] })
  @AnswersPages()
  async listTypes(@Query(validated('query')) query: ListQuery) {
    return PagedList.of(await this.assets.pageTypes(listingOf(query)), query, toAssetTypeResponse);
  }

  @Post()
  @Operation('createAsset', { answer: AssetShown, status: 201, fails: [403, 422] })
  async create(@Body(validated('json')) body: AssetPost, @User() user: Requester) {
    const { account_id: accountId = null } = body;
    requirePermission(user, 'create-children', await this.rulesOfOwner(accountId));
    const { name, latitude, longitude, generic_asset_type_id: assetTypeId } = body;
    const attributes = parsedAttributes(body.attributes);
    await this.references.check(attributes, user);
    const asset = { name, latitude, longitude, assetTypeId, accountId, attributes };
    return toAssetResponse(await this.assets.create(asset), []);
  }

  @Get(':id')
  @Operation('getAsset', { answer: AssetAnswer, fails: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async get(@Resource() asset: Asset) {
    return { ...(await this.withSensors(asset)), status: 200 };
  }

  @Patch(':id')
  @Operation('updateAsset', { answer: AssetAnswer, fails: [403, 404, 422] })
  @RequiresPermission('update', 'asset')
  async update(@Resource() asset: Asset, @Body(validated('json')) body: AssetPatch, @User() user: Requester) {
    const { generic_asset_type_id: assetTypeId, attributes: text, ...rest } = body;
    const attributes = parsedAttributes(text);
    await this.references.check(attributes, user, asset.attributes);
    const changed = await this.assets.update(asset, { ...rest, assetTypeId, attributes });
    return { ...(await this.withSensors(changed)), status: 200 };
  }

  @Delete(':id')
  @Operation('deleteAsset', { fails: [403, 404, 422] })
  @RequiresPermission('delete', 'asset')
  async delete(@Resource() asset: Asset): Promise<void> {
    await this.removal.removeAsset(asset.id);
  }

  private async withSensors(asset: Asset) {
    const sensors = await this.sensors.listNamesByAsset([asset.id]);
    return toAssetResponse(asset, sensors.get(asset.id) ?? []);
  }

  private async pageWithSensors(page: ListPage<Asset>, query: ListQuery) {
    const sensors = await this.sensors.listNamesByAsset(page.items.map(({ id }) => id));
    return PagedList.of(page, query, (asset) => toAssetResponse(asset, sensors.get(asset.id) ?? []));
  }

  /** Public assets are for admins to create. */
  private async rulesOfOwner(accountId: number | null): Promise<AccessRules> {
    if (accountId === null) return {};
    const account = await this.accounts
      .get(accountId)
      .catch(missing('ACCOUNT_NOT_FOUND', 'account_id', `Account with id ${accountId} doesn't exist.`));
    return accountRules(account);
  }
}
