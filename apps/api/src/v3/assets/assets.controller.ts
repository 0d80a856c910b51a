import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AccountsService, accountRules, type Account } from '#lib/accounts';
import type { AccessRules, Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { AssetsService, type Asset } from '#lib/assets';
import type { ListPage } from '#lib/database';
import { SensorsService } from '#lib/sensors';
import {
  requirePermission,
  RequiresPermission,
  Resource,
  User,
} from '../../http/auth/permissions/permission.guard';
import { toFieldError } from '../../http/errors/to-field-error';
import { listingOf, ListQuery } from '../../http/paging/list-query.dto';
import { Paginated, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { Asset as AssetShown, AssetAnswer, AssetPatch, AssetPost, AssetType } from './assets.dto';
import { toAssetResponse, toAssetTypeResponse } from './assets.mapper';
import { AttributeReferences } from './attribute-references.service';
import { parseAttributes } from './attributes';

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
  @Operation('listAssets', {
    deviceScope: 'read',
    answer: [AssetShown],
    headers: PAGINATION_HEADERS,
    errors: [403, 404, 422],
  })
  @Paginated()
  @RequiresPermission('read', 'account-of-query')
  async list(
    @Resource() account: Account,
    @Query(validationPipe('query')) query: ListQuery,
    @User() { assetIds }: Requester,
  ) {
    const listing = { ...listingOf(query), among: assetIds };
    return this.pageWithSensors(await this.assets.page(account.id, listing), query);
  }

  @Get('public')
  @Operation('listPublicAssets', {
    deviceScope: 'read',
    answer: [AssetShown],
    headers: PAGINATION_HEADERS,
    errors: [422],
  })
  @Paginated()
  async listPublic(@Query(validationPipe('query')) query: ListQuery) {
    return this.pageWithSensors(await this.assets.page(null, listingOf(query)), query);
  }

  @Get('types')
  @Operation('listAssetTypes', {
    deviceScope: 'read',
    answer: [AssetType],
    headers: PAGINATION_HEADERS,
    errors: [422],
  })
  @Paginated()
  async listTypes(@Query(validationPipe('query')) query: ListQuery) {
    return PagedList.of(await this.assets.pageTypes(listingOf(query)), query, toAssetTypeResponse);
  }

  @Post()
  @Operation('createAsset', { answer: AssetShown, status: 201, errors: [403, 422] })
  async create(@Body(validationPipe('json')) body: AssetPost, @User() user: Requester) {
    const { account_id: accountId = null } = body;
    requirePermission(user, 'create-children', await this.rulesOfOwner(accountId));
    const { name, latitude, longitude, generic_asset_type_id: assetTypeId } = body;
    const attributes = parseAttributes(body.attributes);
    await this.references.check(attributes, user);
    const asset = { name, latitude, longitude, assetTypeId, accountId, attributes };
    return toAssetResponse(await this.assets.create(asset), []);
  }

  @Get(':id')
  @Operation('getAsset', { deviceScope: 'read', answer: AssetAnswer, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async get(@Resource() asset: Asset) {
    return { ...(await this.withSensors(asset)), status: 200 };
  }

  @Patch(':id')
  @Operation('updateAsset', { answer: AssetAnswer, errors: [403, 404, 422] })
  @RequiresPermission('update', 'asset')
  async update(
    @Resource() asset: Asset,
    @Body(validationPipe('json')) body: AssetPatch,
    @User() user: Requester,
  ) {
    const { generic_asset_type_id: assetTypeId, attributes: text, ...rest } = body;
    const attributes = parseAttributes(text);
    await this.references.check(attributes, user, asset.attributes);
    const changed = await this.assets.update(asset, { ...rest, assetTypeId, attributes });
    return { ...(await this.withSensors(changed)), status: 200 };
  }

  @Delete(':id')
  @Operation('deleteAsset', { errors: [403, 404, 422] })
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

  /** Access rules of the asset's account. Without an account, only admins have permissions. */
  private async rulesOfOwner(accountId: number | null): Promise<AccessRules> {
    if (accountId === null) return {};
    const account = await this.accounts
      .get(accountId)
      .catch(toFieldError('ACCOUNT_NOT_FOUND', 'account_id', `Account with id ${accountId} doesn't exist.`));
    return accountRules(account);
  }
}
