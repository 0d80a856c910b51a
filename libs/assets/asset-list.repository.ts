import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { literalPattern, Transactions, type PageRequest } from '#lib/database';
import { DetailedAsset } from './asset.entity';

/** Selects the assets to list. */
export interface AssetListing extends Omit<PageRequest, 'filter'> {
  /** Accounts whose assets are listed; undefined: all accounts. */
  accountIds?: readonly number[];
  /** Whether public assets are listed too. */
  withPublic?: boolean;
  assetTypeId?: number;
  /** Only these assets. */
  ids?: readonly number[];
  /** Of the assets that belong to an account, only these; undefined for all. */
  amongOwn?: ReadonlySet<number>;
  /** Each must be part of the name of the asset or its account, or the first digits of the id of the asset. */
  terms?: readonly string[];
  /** Default: id. */
  sortBy?: 'id' | 'name' | 'owner';
  isDescending?: boolean;
}

/** A page of a list, and how long the list is. */
export interface AssetPage {
  items: DetailedAsset[];
  /** Number of assets on all pages. */
  total: number;
  /** The same without the search terms. */
  totalUnfiltered: number;
}

const SORTED_BY = { id: 'asset.id', name: 'asset.name', owner: 'account.name' } as const;

/** Lists of assets. */
@Injectable()
export class AssetListRepository {
  constructor(private readonly transactions: Transactions) {}

  /** A page of assets with their types and accounts, ordered by `sortBy` and by id. */
  async list(listing: AssetListing): Promise<AssetPage> {
    const { terms = [], sortBy = 'id', isDescending = false, offset, limit } = listing;
    const direction = isDescending ? 'DESC' : 'ASC';
    const query = this.select(listing);
    const isPaged = offset !== undefined || limit !== undefined;
    const totalUnfiltered = isPaged && terms.length > 0 ? await query.getCount() : undefined;
    terms.forEach((term, i) => addTerm(query, term, i));
    query.orderBy(SORTED_BY[sortBy], direction).addOrderBy('asset.id', direction);
    const [items, total] = await query.offset(offset).limit(limit).getManyAndCount();
    return { items, total, totalUnfiltered: totalUnfiltered ?? total };
  }

  private select({ accountIds, withPublic = false, assetTypeId, ids, amongOwn }: AssetListing) {
    const query = this.transactions.manager
      .getRepository(DetailedAsset)
      .createQueryBuilder('asset')
      .innerJoinAndSelect('asset.assetType', 'type')
      .leftJoinAndSelect('asset.account', 'account');
    if (accountIds)
      query.andWhere(
        `(asset.accountId = ANY(:accountIds)${withPublic ? ' OR asset.accountId IS NULL' : ''})`,
        {
          accountIds,
        },
      );
    else if (!withPublic) query.andWhere('asset.accountId IS NOT NULL');
    if (assetTypeId !== undefined) query.andWhere('asset.assetTypeId = :assetTypeId', { assetTypeId });
    if (ids) query.andWhere('asset.id = ANY(:ids)', { ids });
    if (amongOwn) {
      const condition = '(asset.accountId IS NULL OR asset.id = ANY(:amongOwn))';
      query.andWhere(condition, { amongOwn: [...amongOwn] });
    }
    return query;
  }
}

function addTerm(query: SelectQueryBuilder<DetailedAsset>, term: string, i: number): void {
  const literal = literalPattern(term);
  query.andWhere(
    `(asset.name ILIKE :part${i} OR account.name ILIKE :part${i} OR asset.id::text LIKE :prefix${i})`,
    { [`part${i}`]: `%${literal}%`, [`prefix${i}`]: `${literal}%` },
  );
}
