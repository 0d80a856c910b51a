import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { containsText, findPage, Transactions, type ListPage, type PageRequest } from '#lib/database';
import { Asset, AssetType, type Attributes } from './asset.entity';

/** The columns of a new asset. */
export type NewAsset = Pick<Asset, 'name' | 'assetTypeId' | 'accountId'> &
  Partial<Pick<Asset, 'latitude' | 'longitude' | 'attributes' | 'parentAssetId'>>;

/** Selects the assets to list. */
export interface AssetListing extends PageRequest {
  /** List only assets with these ids; undefined for all. */
  among?: ReadonlySet<number>;
}

@Injectable()
export class AssetsRepository {
  constructor(private readonly transactions: Transactions) {}

  findById(id: number): Promise<Asset | null> {
    return this.assets.findOne({ where: { id }, relations: { assetType: true } });
  }

  /** The assets of an account, or the public assets (null), newest first. */
  findByAccount(accountId: number | null): Promise<Asset[]> {
    return this.assets.find({
      where: { accountId: accountId ?? IsNull() },
      relations: { assetType: true },
      order: { id: 'DESC' },
    });
  }

  /** A page of the assets of an account, or of the public assets (null), ordered by id. */
  list(accountId: number | null, { among, ...listing }: AssetListing): Promise<ListPage<Asset>> {
    const where = {
      accountId: accountId ?? IsNull(),
      ...(among && { id: In([...among]) }),
      ...nameFilter(listing),
    };
    return findPage(this.assets, { where, order: { id: 'ASC' } }, listing);
  }

  findByName(name: string, accountId: number | null): Promise<Asset | null> {
    return this.assets.findOne({
      where: { name, accountId: accountId ?? IsNull() },
      relations: { assetType: true },
    });
  }

  /** Assets of all accounts and public assets, ordered by id. */
  findAllByName(name: string): Promise<Asset[]> {
    return this.assets.find({ where: { name }, order: { id: 'ASC' } });
  }

  /** How many assets each account has, by account id. */
  async countByAccount(): Promise<Map<number, number>> {
    const rows = await this.transactions.query<{ account_id: number; count: string }>(
      'SELECT account_id, count(*) FROM generic_asset WHERE account_id IS NOT NULL GROUP BY account_id',
    );
    return new Map(rows.map(({ account_id, count }) => [account_id, Number(count)]));
  }

  async findIds(): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>('SELECT id FROM generic_asset ORDER BY id');
    return rows.map(({ id }) => id);
  }

  /** The attributes of an asset, then those of its parent, and so on up to the root. */
  async findAttributesUpToRoot(id: number): Promise<Attributes[]> {
    const rows = await this.transactions.query<{ attributes: Attributes }>(
      `WITH RECURSIVE above AS (
         SELECT id, parent_asset_id, attributes, 0 AS level FROM generic_asset WHERE id = $1
         UNION ALL
         SELECT parent.id, parent.parent_asset_id, parent.attributes, level + 1
         FROM generic_asset parent JOIN above ON parent.id = above.parent_asset_id
       )
       SELECT attributes FROM above ORDER BY level`,
      [id],
    );
    return rows.map(({ attributes }) => attributes);
  }

  /** Ids of the assets and of all their descendants. */
  async findTree(ids: number[]): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      `WITH RECURSIVE tree AS (
         SELECT id FROM generic_asset WHERE id = ANY($1::int[])
         UNION SELECT part.id FROM generic_asset part JOIN tree ON part.parent_asset_id = tree.id
       )
       SELECT id FROM tree ORDER BY id`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Locks the assets and all their descendants, so that no other transaction adds sensors or children to them. Call it in
   * a transaction. It locks level by level, since a child can be added until its parent is locked.
   * @returns the ids of the locked assets.
   */
  async lockTree(ids: number[]): Promise<number[]> {
    const locked = new Set<number>();
    let level = await this.lock('id', ids);
    while (level.length > 0) {
      for (const id of level) locked.add(id);
      level = (await this.lock('parent_asset_id', level)).filter((id) => !locked.has(id));
    }
    return [...locked];
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

  insert(asset: NewAsset): Promise<Asset> {
    return this.assets.save(this.assets.create(asset));
  }

  async update(id: number, columns: Partial<NewAsset>): Promise<void> {
    await this.assets.update({ id }, columns as Parameters<typeof this.assets.update>[1]);
  }

  /** Sets some attributes and keeps the others, also those that are written concurrently. */
  async mergeAttributes(id: number, attributes: Attributes): Promise<void> {
    await this.transactions.query(
      'UPDATE generic_asset SET attributes = attributes || $2::jsonb WHERE id = $1',
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

  private async lock(column: 'id' | 'parent_asset_id', values: number[]): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      `SELECT id FROM generic_asset WHERE ${column} = ANY($1::int[]) ORDER BY id FOR UPDATE`,
      [values],
    );
    return rows.map(({ id }) => id);
  }

  private get assets() {
    return this.transactions.manager.getRepository(Asset);
  }

  private get types() {
    return this.transactions.manager.getRepository(AssetType);
  }
}

const nameFilter = ({ filter }: PageRequest) => (filter === undefined ? {} : { name: containsText(filter) });
