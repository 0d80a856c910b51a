import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Asset, type Attributes } from '#lib/assets';
import { intervalToMs } from '#lib/database';

/** A time series about an asset: what is measured, in which unit, and how long its events last. */
@Entity('sensor')
@Unique('sensor_name_generic_asset_id_key', ['name', 'assetId'])
export class Sensor {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 120 })
  name!: string;

  @Column({ type: 'varchar', length: 80, default: '' })
  unit!: string;

  /** How long an event lasts; 0 for instantaneous sensors. */
  @Column({ name: 'event_resolution', type: 'interval', transformer: intervalToMs })
  eventResolutionMs!: number;

  /** IANA zone in which calendar days and local times of the series are meant. */
  @Column({ type: 'varchar', length: 80, default: 'UTC' })
  timezone!: string;

  /** When the truth about an event can be known: name of the rule, and its arguments. */
  @Column({ name: 'knowledge_horizon_fnc', type: 'varchar', length: 80, default: 'ex_post' })
  knowledgeHorizonFnc!: string;

  @Column({ name: 'knowledge_horizon_par', type: 'jsonb', default: {} })
  knowledgeHorizonPar!: Record<string, unknown>;

  @Column({ type: 'jsonb', default: {} })
  attributes!: Attributes;

  @Column({ name: 'generic_asset_id', type: 'integer' })
  assetId!: number;

  @ManyToOne(() => Asset, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'generic_asset_id' })
  asset!: Asset;
}
