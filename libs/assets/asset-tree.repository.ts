import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, PREPARED, Transactions } from '#lib/database';
import type { Attributes, DetailedAsset } from './asset.entity';

/** An asset directly below another one. */
export interface ChildAsset {
  id: number;
  name: string;
  accountId: number | null;
  parentAssetId: number;
  assetType: { id: number; name: string };
}

/** What an asset stores about flexibility, in its columns and its attributes. */
export interface AssetFlexibility {
  id: number;
  name: string;
  accountId: number | null;
  attributes: Attributes;
  flexContext: DetailedAsset['flexContext'];
  flexModel: DetailedAsset['flexModel'];
}

const FLEXIBILITY = `id, name, account_id AS "accountId", attributes, flex_context AS "flexContext", flex_model AS "flexModel"`;

/** An asset and everything above it, with `level` 0 for the asset itself. */
const ABOVE = `WITH RECURSIVE above AS (
    SELECT generic_asset.*, 0 AS level FROM generic_asset WHERE id = $1
    UNION ALL
    SELECT parent.*, level + 1 FROM generic_asset parent JOIN above ON parent.id = above.parent_asset_id
  )`;

/** Assets and everything below them, with `level` 0 for the assets themselves. */
const BELOW = `WITH RECURSIVE below AS (
    SELECT id, 0 AS level FROM generic_asset WHERE id = ANY($1::int[])
    UNION ALL
    SELECT child.id, level + 1 FROM generic_asset child JOIN below ON child.parent_asset_id = below.id
  )`;

/** Takes the place of the id of an account. */
const NO_ACCOUNT = 0;

/** The largest integer of the database. */
const MAX_INTEGER = 2_147_483_647;

/** SQL about the tree of assets. */
@Injectable()
export class AssetTreeRepository {
  constructor(private readonly transactions: Transactions) {}

  /** The attributes of an asset, then those of its parent, and so on up to the root. */
  async findAttributesUpToRoot(id: number): Promise<Attributes[]> {
    const rows = await this.transactions.query<{ attributes: Attributes }>(
      `${ABOVE} SELECT attributes FROM above ORDER BY level`,
      [id],
    );
    return rows.map(({ attributes }) => attributes);
  }

  /** What an asset stores about flexibility, then what its parent does, and so on up to the root. */
  findFlexibilityUpToRoot(id: number): Promise<AssetFlexibility[]> {
    return this.transactions.select(
      `/* ${PREPARED} */ ${ABOVE} SELECT ${FLEXIBILITY} FROM above ORDER BY level`,
      [id],
    );
  }

  /** The asset and its descendants that have a flex-model, nearest first. */
  findFlexModelsBelow(id: number): Promise<AssetFlexibility[]> {
    return this.transactions.query(
      `${BELOW} SELECT ${FLEXIBILITY} FROM below JOIN generic_asset USING (id)
       WHERE flex_model <> '{}' ORDER BY level, id`,
      [[id]],
    );
  }

  /** Ids of the assets and of their descendants. @param depth number of levels below the assets; all if not given */
  async findTree(ids: number[], depth?: number): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      `${BELOW} SELECT DISTINCT id FROM below WHERE level <= $2 ORDER BY id`,
      [ids, depth ?? MAX_INTEGER],
    );
    return rows.map(({ id }) => id);
  }

  /** The children of assets, ordered by id. */
  findChildren(ids: number[]): Promise<ChildAsset[]> {
    return this.transactions.query(
      `SELECT asset.id, asset.name, account_id AS "accountId", parent_asset_id AS "parentAssetId",
         json_build_object('id', type.id, 'name', type.name) AS "assetType"
       FROM generic_asset asset JOIN generic_asset_type type ON type.id = generic_asset_type_id
       WHERE parent_asset_id = ANY($1::int[]) ORDER BY asset.id`,
      [ids],
    );
  }

  /** Ids of an asset and of the assets above it, nearest first. */
  async findPath(id: number): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      `${ABOVE} SELECT id FROM above ORDER BY level`,
      [id],
    );
    return rows.map((row) => row.id);
  }

  /** Number of levels below an asset; 0 without children. */
  async findHeight(id: number): Promise<number> {
    const [row] = await this.transactions.query<{ height: number | null }>(
      `${BELOW} SELECT max(level) AS height FROM below`,
      [[id]],
    );
    return row?.height ?? 0;
  }

  /**
   * Locks the shape of the trees of an account, or of public assets, until the transaction ends: nobody else moves their
   * assets.
   */
  async lockShape(accountId: number | null): Promise<void> {
    await this.transactions.query('SELECT pg_advisory_xact_lock($1, $2)', [
      ADVISORY_LOCKS.assetTree,
      accountId ?? NO_ACCOUNT,
    ]);
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

  private async lock(column: 'id' | 'parent_asset_id', values: number[]): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      `SELECT id FROM generic_asset WHERE ${column} = ANY($1::int[]) ORDER BY id FOR UPDATE`,
      [values],
    );
    return rows.map(({ id }) => id);
  }
}
