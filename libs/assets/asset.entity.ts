import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Account } from '#lib/accounts';

/** The kind of an asset, for instance a battery; decides which built-in scheduler fits. */
@Entity('generic_asset_type')
export class AssetType {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 80, unique: true })
  name!: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  description!: string;
}

/** Free-form properties of an asset or sensor, by name. */
export type Attributes = Record<string, unknown>;

/** Something with value or energy: a battery, a building, a market zone. Public when it has no account. */
@Entity('generic_asset')
// NULLS NOT DISTINCT, which the entity cannot say: one name for one thing below the same parent.
@Index('generic_asset_key', { synchronize: false })
export class Asset {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 80 })
  name!: string;

  /** Degrees; double precision keeps the 7 decimals that are accepted. */
  @Column({ type: 'double precision', nullable: true })
  latitude!: number | null;

  @Column({ type: 'double precision', nullable: true })
  longitude!: number | null;

  @Column({ type: 'jsonb', default: {} })
  attributes!: Attributes;

  @Column({ name: 'generic_asset_type_id', type: 'integer' })
  assetTypeId!: number;

  @ManyToOne(() => AssetType, { nullable: false })
  @JoinColumn({ name: 'generic_asset_type_id' })
  assetType!: AssetType;

  @Column({ name: 'account_id', type: 'integer', nullable: true })
  accountId!: number | null;

  @ManyToOne(() => Account, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'account_id' })
  account!: Account | null;

  @Column({ name: 'parent_asset_id', type: 'integer', nullable: true })
  parentAssetId!: number | null;

  @ManyToOne(() => Asset, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'parent_asset_id' })
  parentAsset!: Asset | null;
}
