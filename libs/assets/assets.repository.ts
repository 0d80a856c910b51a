import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Transactions } from '#lib/database';
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

  findByName(name: string, accountId: number | null): Promise<Asset | null> {
    return this.assets.findOne({
      where: { name, accountId: accountId ?? IsNull() },
      relations: { assetType: true },
    });
  }

  insert(asset: NewAsset): Promise<Asset> {
    return this.assets.save(this.assets.create(asset));
  }

  /** Sets some attributes and leaves the others, whoever writes at the same time. */
  async mergeAttributes(id: number, attributes: Attributes): Promise<void> {
    await this.transactions.query(
      'UPDATE generic_asset SET attributes = attributes || $2::jsonb WHERE id = $1',
      [id, JSON.stringify(attributes)],
    );
  }

  findTypes(): Promise<AssetType[]> {
    return this.types.find({ order: { id: 'ASC' } });
  }

  findType(by: { id: number } | { name: string }): Promise<AssetType | null> {
    return this.types.findOneBy(by);
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

  private get assets() {
    return this.transactions.manager.getRepository(Asset);
  }

  private get types() {
    return this.transactions.manager.getRepository(AssetType);
  }
}
