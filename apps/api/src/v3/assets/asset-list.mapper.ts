import type { AssetListRequest } from '#lib/assets';
import { listingOf, type ListQuery } from '../../http/paging/list-query.dto';
import { searchTerms } from '../../http/paging/search-terms';
import type { AssetResponse } from './asset-answers.service';
import { namesIn, type AssetListQuery, type PublicAssetListQuery } from './asset-list.dto';

/** Clients of 2026 expect so many items on a page. */
const DEFAULT_PER_PAGE = 10;

/** The page that is asked for by either name of its length. */
export const toPage = ({ page, per_page: perPage, ...query }: PublicAssetListQuery): ListQuery => {
  const length = perPage ?? query['per-page'];
  return { page, per_page: length ?? (page === undefined ? undefined : DEFAULT_PER_PAGE) };
};

/** @param accountId account of the query, or that of the user */
export function toListRequest(query: AssetListQuery, accountId?: number): AssetListRequest {
  const { offset, limit } = listingOf(toPage(query));
  const direction = query.sort_dir ?? query['sort-dir'];
  return {
    offset,
    limit,
    accountId: isAccountGiven(query) ? accountId : undefined,
    root: query.root,
    depth: query.depth,
    assetTypeId: query.asset_type,
    allAccessible: query.all_accessible,
    includePublic: query.include_public,
    terms: searchTerms(query.filter),
    sortBy: query.sort_by ?? query['sort-by'],
    isDescending: direction === 'desc',
  };
}

const isAccountGiven = ({ account, account_id: accountId }: AssetListQuery): boolean =>
  account !== undefined || accountId !== undefined;

/** Returns a function that keeps the chosen fields of an asset, and always its id. */
export function chosenFields(fields: string | undefined): (asset: AssetResponse) => Partial<AssetResponse> {
  const names = fields === undefined ? [] : namesIn(fields);
  if (names.length === 0) return (asset) => asset;
  const kept = new Set(['id', ...names]);
  return (asset) => Object.fromEntries(Object.entries(asset).filter(([name]) => kept.has(name)));
}
