import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { DetailedAsset, type Asset, type Attributes } from '#lib/assets';
import { intervalToMs } from '#lib/database';

/** A time series of an asset: its quantity, unit and event resolution. */
@Entity('sensor')
@Unique('sensor_name_generic_asset_id_key', ['name', 'assetId'])
export class Sensor {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 120 })
  name!: string;

  @Column({ type: 'varchar', length: 80, default: '' })
  unit!: string;

  /** Duration of an event in milliseconds; 0 for instantaneous sensors. */
  @Column({ name: 'event_resolution', type: 'interval', transformer: intervalToMs })
  eventResolutionMs!: number;

  /** IANA time zone for calendar days and local times of the series. */
  @Column({ type: 'varchar', length: 80, default: 'UTC' })
  timezone!: string;

  /** Rule for the knowledge horizon: its name, and below its arguments. */
  @Column({ name: 'knowledge_horizon_fnc', type: 'varchar', length: 80, default: 'ex_post' })
  knowledgeHorizonFnc!: string;

  @Column({ name: 'knowledge_horizon_par', type: 'jsonb', default: {} })
  knowledgeHorizonPar!: Record<string, unknown>;

  @Column({ type: 'jsonb', default: {} })
  attributes!: Attributes;

  @Column({ name: 'generic_asset_id', type: 'integer' })
  assetId!: number;

  @ManyToOne(() => DetailedAsset, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'generic_asset_id' })
  asset!: Asset;
}
