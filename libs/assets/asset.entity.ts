import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Account } from '#lib/accounts';

/** The kind of an asset, for instance a battery. It determines the built-in scheduler. */
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

/** A thing that energy data is about: a battery, a building, a market zone. It is public if it has no account. */
@Entity('generic_asset')
// Names are unique among the children of an asset. The migration creates the index, because it is NULLS NOT DISTINCT.
@Index('generic_asset_key', { synchronize: false })
export class Asset {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 80 })
  name!: string;

  /** Degrees. Double precision stores all 7 decimals that are accepted. */
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
