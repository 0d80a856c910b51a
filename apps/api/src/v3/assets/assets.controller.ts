import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import type { Account } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { AssetLists, AssetsService, type AssetPage, type DetailedAsset } from '#lib/assets';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { listingOf, ListQuery, recordPageOf } from '../../http/paging/list-query.dto';
import { Paginated, PagedList } from '../../http/paging/paged-list';
import { RecordPage } from '../../http/paging/record-page';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AssetAnswers } from './asset-answers.service';
import { AssetChanges } from './asset-changes.service';
import { AssetInList, AssetListQuery, AssetRecords, PublicAssetListQuery } from './asset-list.dto';
import { chosenFields, toListRequest } from './asset-list.mapper';
import { Asset as AssetShown, AssetAnswer, AssetPatch, AssetPost, AssetType } from './assets.dto';
import { toAssetTypeResponse } from './assets.mapper';

@Controller('api/v3_0/assets')
export class AssetsController {
  constructor(
    private readonly assets: AssetsService,
    private readonly lists: AssetLists,
    private readonly answers: AssetAnswers,
    private readonly changes: AssetChanges,
    private readonly removal: AssetRemovalService,
  ) {}

  @Get()
  @Operation('listAssets', {
    deviceScope: 'read',
    answer: { oneOf: [[AssetInList], AssetRecords] },
    headers: PAGINATION_HEADERS,
    errors: [403, 404, 422],
  })
  @Paginated()
  @RequiresPermission('read', 'account-of-query')
  async list(
    @Resource() account: Account,
    @Query(validationPipe('query')) query: AssetListQuery,
    @User() user: Requester,
  ) {
    const page = await this.lists.list(toListRequest(query, account.id), user);
    return RecordPage.ofRecords(page, recordPageOf(query), await this.showing(page, query, user));
  }

  @Get('public')
  @Operation('listPublicAssets', {
    deviceScope: 'read',
    answer: [AssetInList],
    headers: PAGINATION_HEADERS,
    errors: [422],
  })
  @Paginated()
  async listPublic(@Query(validationPipe('query')) query: PublicAssetListQuery, @User() user: Requester) {
    const page = await this.lists.listPublic(toListRequest(query));
    return PagedList.of(page, recordPageOf(query), await this.showing(page, query, user));
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
  @AcceptsIdempotencyKey()
  @Operation('createAsset', { answer: AssetShown, status: 201, errors: [403, 422] })
  async create(@Body(validationPipe('json')) body: AssetPost, @User() user: Requester) {
    return this.answers.one(await this.changes.create(body, user), user);
  }

  @Get(':id')
  @Operation('getAsset', { deviceScope: 'read', answer: AssetAnswer, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async get(@Resource() asset: DetailedAsset, @User() user: Requester) {
    return { ...(await this.answers.one(asset, user)), status: 200 };
  }

  @Patch(':id')
  @Operation('updateAsset', { answer: AssetAnswer, errors: [403, 404, 422] })
  @RequiresPermission('update', 'asset')
  async update(
    @Resource() asset: DetailedAsset,
    @Body(validationPipe('json')) body: AssetPatch,
    @User() user: Requester,
  ) {
    const changed = await this.changes.update(asset, body, user);
    return { ...(await this.answers.one(changed, user)), status: 200 };
  }

  @Delete(':id')
  @Operation('deleteAsset', { errors: [403, 404, 422] })
  @RequiresPermission('delete', 'asset')
  async delete(@Resource() asset: DetailedAsset): Promise<void> {
    await this.removal.removeAsset(asset.id);
  }

  private async showing({ items }: AssetPage, { fields }: PublicAssetListQuery, user: Requester) {
    const show = await this.answers.showing(items, user);
    const choose = chosenFields(fields);
    return (asset: DetailedAsset) => choose(show(asset));
  }
}
