import type { AssetListRequest } from '#lib/assets';
import { listingOf, recordPageOf } from '../../http/paging/list-query.dto';
import { searchTerms } from '../../http/paging/search-terms';
import { orderOf } from '../../http/paging/sorted-list-query.dto';
import type { AssetResponse } from './asset-answers.service';
import { namesIn, type AssetListQuery } from './asset-list.dto';

/** @param accountId account of the query, or that of the user */
export function toListRequest(query: AssetListQuery, accountId?: number): AssetListRequest {
  const { offset, limit } = listingOf(recordPageOf(query));
  return {
    offset,
    limit,
    accountId: query.account_id === undefined ? undefined : accountId,
    root: query.root,
    depth: query.depth,
    assetTypeId: query.asset_type,
    allAccessible: query.all_accessible,
    includePublic: query.include_public,
    terms: searchTerms(query.filter),
    ...orderOf(query),
  };
}

/** Returns a function that keeps the chosen fields of an asset, and always its id. */
export function chosenFields(fields: string | undefined): (asset: AssetResponse) => Partial<AssetResponse> {
  const names = fields === undefined ? [] : namesIn(fields);
  if (names.length === 0) return (asset) => asset;
  const kept = new Set(['id', ...names]);
  return (asset) => Object.fromEntries(Object.entries(asset).filter(([name]) => kept.has(name)));
}
