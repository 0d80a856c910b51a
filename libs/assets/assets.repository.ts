import { Injectable } from '@nestjs/common';
import { Any, IsNull } from 'typeorm';
import { containsText, findPage, Transactions, type ListPage, type PageRequest } from '#lib/database';
import { AssetType, DetailedAsset, type Attributes } from './asset.entity';

/** The columns of a new asset. */
export type NewAsset = Pick<DetailedAsset, 'name' | 'assetTypeId' | 'accountId'> &
  Partial<
    Pick<
      DetailedAsset,
      | 'latitude'
      | 'longitude'
      | 'attributes'
      | 'parentAssetId'
      | 'description'
      | 'externalId'
      | 'flexContext'
      | 'flexModel'
      | 'sensorsToShow'
      | 'sensorsToShowAsKpis'
    >
  >;

/** An asset and the account that owns it. */
export type AssetOwner = Pick<DetailedAsset, 'id' | 'accountId'>;

/** Selects the assets to list. */
export interface AssetListing extends PageRequest {
  /** List only assets with these ids; undefined for all. */
  among?: ReadonlySet<number>;
}

@Injectable()
export class AssetsRepository {
  constructor(private readonly transactions: Transactions) {}

  findById(id: number): Promise<DetailedAsset | null> {
    return this.assets.findOne({ where: { id }, relations: { assetType: true, account: true } });
  }

  /** The assets with these ids that exist, ordered by id. */
  findByIds(ids: readonly number[]): Promise<DetailedAsset[]> {
    const relations = { assetType: true, account: true };
    return this.assets.find({ where: { id: Any([...ids]) }, relations, order: { id: 'ASC' } });
  }

  /** The assets of an account, or the public assets (null), newest first. */
  findByAccount(accountId: number | null): Promise<DetailedAsset[]> {
    return this.assets.find({
      where: { accountId: accountId ?? IsNull() },
      relations: { assetType: true },
      order: { id: 'DESC' },
    });
  }

  findByName(name: string, accountId: number | null): Promise<DetailedAsset | null> {
    return this.assets.findOne({
      where: { name, accountId: accountId ?? IsNull() },
      relations: { assetType: true },
    });
  }

  findByExternalId(externalId: string, accountId: number): Promise<DetailedAsset | null> {
    return this.assets.findOne({ where: { externalId, accountId } });
  }

  /** The asset with this name below the same parent or, without a parent, among those of the account without one. */
  findSibling(
    name: string,
    { accountId, parentAssetId }: { accountId: number | null; parentAssetId?: number | null },
  ): Promise<DetailedAsset | null> {
    const place =
      parentAssetId == null
        ? { accountId: accountId ?? IsNull(), parentAssetId: IsNull() }
        : { parentAssetId };
    return this.assets.findOne({ where: { name, ...place } });
  }

  /** Assets of all accounts and public assets, ordered by id. */
  findAllByName(name: string): Promise<DetailedAsset[]> {
    return this.assets.find({ where: { name }, order: { id: 'ASC' } });
  }

  /** How many assets each account has, by account id. */
  async countByAccount(): Promise<Map<number, number>> {
    const rows = await this.transactions.query<{ account_id: number; count: string }>(
      'SELECT account_id, count(*) FROM generic_asset WHERE account_id IS NOT NULL GROUP BY account_id',
    );
    return new Map(rows.map(({ account_id, count }) => [account_id, Number(count)]));
  }

  /** Ids and accounts of the assets with these ids that exist, in any order. */
  findOwners(ids: number[]): Promise<AssetOwner[]> {
    return this.transactions.select<AssetOwner>(
      'SELECT id, account_id AS "accountId" FROM generic_asset WHERE id = ANY($1::int[])',
      [ids],
    );
  }

  /** Locks and returns the assets in whose JSON one of the numbers occurs anywhere. Call it in a transaction. */
  async findWithNumbers(column: 'flexibility' | 'shown', numbers: number[]): Promise<DetailedAsset[]> {
    const columns =
      column === 'flexibility'
        ? ['flex_context', 'flex_model']
        : ['sensors_to_show', 'sensors_to_show_as_kpis'];
    const occurs = columns.map(
      (name) => `jsonb_path_exists(${name}, '$.** ? (@ == $numbers[*])', given.numbers)`,
    );
    const rows = await this.transactions.query<{ id: number }>(
      `SELECT id FROM generic_asset, (SELECT jsonb_build_object('numbers', $1::jsonb) AS numbers) AS given
       WHERE ${occurs.join(' OR ')} ORDER BY id FOR UPDATE OF generic_asset`,
      [JSON.stringify(numbers)],
    );
    return this.assets.find({ where: { id: Any(rows.map(({ id }) => id)) }, order: { id: 'ASC' } });
  }

  async findIds(): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>('SELECT id FROM generic_asset ORDER BY id');
    return rows.map(({ id }) => id);
  }

  /** Also deletes their descendants and sensors. */
  async delete(ids: number[]): Promise<void> {
    await this.transactions.query('DELETE FROM generic_asset WHERE id = ANY($1::int[])', [ids]);
  }

  /** Deletes all assets and asset types. */
  async deleteAll(): Promise<void> {
    await this.transactions.query('DELETE FROM generic_asset');
    await this.transactions.query('DELETE FROM generic_asset_type');
  }

  insert(asset: NewAsset): Promise<DetailedAsset> {
    return this.assets.save(this.assets.create(asset));
  }

  async update(id: number, columns: Partial<NewAsset>): Promise<void> {
    await this.assets.update({ id }, columns as Parameters<typeof this.assets.update>[1]);
  }

  /** Sets some attributes and keeps the others, also those that are written concurrently. */
  async mergeAttributes(id: number, attributes: Attributes): Promise<void> {
    await this.transactions.query(
      '/* prepared */ UPDATE generic_asset SET attributes = attributes || $2::jsonb WHERE id = $1',
      [id, JSON.stringify(attributes)],
    );
  }

  /** A page of the asset types, ordered by id. */
  listTypes(listing: PageRequest): Promise<ListPage<AssetType>> {
    return findPage(this.types, { where: nameFilter(listing), order: { id: 'ASC' } }, listing);
  }

  findTypes(): Promise<AssetType[]> {
    return this.types.find({ order: { id: 'ASC' } });
  }

  findType(by: { id: number } | { name: string }): Promise<AssetType | null> {
    return this.types.findOneBy(by);
  }

  /** @returns the id, or undefined if a type with this name exists. */
  async insertType(name: string, description: string): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      `INSERT INTO generic_asset_type (name, description) VALUES ($1, $2)
       ON CONFLICT (name) DO NOTHING RETURNING id`,
      [name, description],
    );
    return row?.id;
  }

  /** Adds the asset types that do not exist yet, in the given order. */
  async ensureTypes(types: [name: string, description: string][]): Promise<void> {
    await this.transactions.query(
      `INSERT INTO generic_asset_type (name, description)
       SELECT name, description FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (name, description, position)
       WHERE name NOT IN (SELECT name FROM generic_asset_type)
       ORDER BY position
       ON CONFLICT (name) DO NOTHING`,
      [types.map(([name]) => name), types.map(([, description]) => description)],
    );
  }

  private get assets() {
    return this.transactions.manager.getRepository(DetailedAsset);
  }

  private get types() {
    return this.transactions.manager.getRepository(AssetType);
  }
}

const nameFilter = ({ filter }: PageRequest) => (filter === undefined ? {} : { name: containsText(filter) });
