import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { holding, listed, Transactions, type Listed, type Listing } from '#lib/database';
import { Asset, AssetType, type Attributes } from './asset.entity';

/** The columns of a new asset. */
export type NewAsset = Pick<Asset, 'name' | 'assetTypeId' | 'accountId'> &
  Partial<Pick<Asset, 'latitude' | 'longitude' | 'attributes' | 'parentAssetId'>>;

@Injectable()
export class AssetsRepository {
  constructor(private readonly transactions: Transactions) {}

  findById(id: number): Promise<Asset | null> {
    return this.assets.findOne({ where: { id }, relations: { assetType: true } });
  }

  /** Assets of an account, newest first; of no account: the public ones. */
  findByAccount(accountId: number | null): Promise<Asset[]> {
    return this.assets.find({
      where: { accountId: accountId ?? IsNull() },
      relations: { assetType: true },
      order: { id: 'DESC' },
    });
  }

  /** Assets of an account, or the public ones, by id. */
  list(accountId: number | null, listing: Listing): Promise<Listed<Asset>> {
    const where = { accountId: accountId ?? IsNull(), ...nameHolding(listing) };
    return listed(this.assets, { where, order: { id: 'ASC' } }, listing);
  }

  findByName(name: string, accountId: number | null): Promise<Asset | null> {
    return this.assets.findOne({
      where: { name, accountId: accountId ?? IsNull() },
      relations: { assetType: true },
    });
  }

  /** Of all accounts and public ones, by id. */
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

  /** Attributes of an asset, then of the asset that it is part of, and so on upwards. */
  async findAttributesUpwards(id: number): Promise<Attributes[]> {
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

  /** Ids of the assets and of all that are part of them. */
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
   * Keeps others from adding sensors or parts to the assets and to all that are part of them; to be called in a
   * transaction. Goes level by level, since a part may be added until the asset above it is locked.
   * @returns the ids of all.
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

  /** With all that are part of them, and their sensors. */
  async delete(ids: number[]): Promise<void> {
    await this.transactions.query('DELETE FROM generic_asset WHERE id = ANY($1::int[])', [ids]);
  }

  /** All assets and asset types. */
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

  /** Sets some attributes and leaves the others, whoever writes at the same time. */
  async mergeAttributes(id: number, attributes: Attributes): Promise<void> {
    await this.transactions.query(
      'UPDATE generic_asset SET attributes = attributes || $2::jsonb WHERE id = $1',
      [id, JSON.stringify(attributes)],
    );
  }

  /** Asset types, by id. */
  listTypes(listing: Listing): Promise<Listed<AssetType>> {
    return listed(this.types, { where: nameHolding(listing), order: { id: 'ASC' } }, listing);
  }

  findTypes(): Promise<AssetType[]> {
    return this.types.find({ order: { id: 'ASC' } });
  }

  findType(by: { id: number } | { name: string }): Promise<AssetType | null> {
    return this.types.findOneBy(by);
  }

  /** @returns the id, or undefined when there is a type of that name. */
  async insertType(name: string, description: string): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      `INSERT INTO generic_asset_type (name, description) VALUES ($1, $2)
       ON CONFLICT (name) DO NOTHING RETURNING id`,
      [name, description],
    );
    return row?.id;
  }

  /** Adds the asset types that are not there yet, in order. */
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

const nameHolding = ({ filter }: Listing) => (filter === undefined ? {} : { name: holding(filter) });
