import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
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

/**
 * A thing that energy data is about: a battery, a building, a market zone. It is public if it has no account. These are
 * the columns that come with a sensor; `DetailedAsset` has all of them.
 */
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

  @ManyToOne(() => DetailedAsset, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'parent_asset_id' })
  parentAsset!: Asset | null;
}

/** An asset with its stored flexibility and everything else that describes it. */
@Entity('generic_asset')
// Names are unique among the children of an asset. The migration creates the index, because it is NULLS NOT DISTINCT.
@Index('generic_asset_key', { synchronize: false })
@Index('generic_asset_parent_asset_id_idx', ['parentAssetId'])
@Unique('generic_asset_account_id_external_id_key', ['accountId', 'externalId'])
export class DetailedAsset extends Asset {
  @Column({ type: 'text', nullable: true })
  description!: string | null;

  /** Id of the asset in another system, unique in the account. */
  @Column({ name: 'external_id', type: 'varchar', length: 80, nullable: true })
  externalId!: string | null;

  /** Flex-context of the asset and of all assets below it, by the field names of the API. Opaque here. */
  @Column({ name: 'flex_context', type: 'jsonb', default: {} })
  flexContext!: Record<string, unknown>;

  /** Flex-model of the asset, by the field names of the API. Opaque here. */
  @Column({ name: 'flex_model', type: 'jsonb', default: {} })
  flexModel!: Record<string, unknown>;

  /** Sensors that charts show; null if attribute `sensors_to_show` says so, see `ShownSensorsAlias`. */
  @Column({ name: 'sensors_to_show', type: 'jsonb', nullable: true })
  sensorsToShow!: unknown[] | null;

  /** Daily sensors whose key figures are shown, with title and function. */
  @Column({ name: 'sensors_to_show_as_kpis', type: 'jsonb', default: [] })
  sensorsToShowAsKpis!: unknown[];
}
