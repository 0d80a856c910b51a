import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type JoinTableOptions,
} from 'typeorm';
import { Account } from '#lib/accounts';
import { DetailedAsset } from '#lib/assets';
import { Sensor } from '../sensor.entity';
import { Source } from '../sources/source.entity';

const joinTable = (name: string, column: string): JoinTableOptions => ({
  name,
  joinColumn: { name: 'annotation_id' },
  inverseJoinColumn: { name: column },
});

/** A remark about a period, for instance a holiday, that is attached to accounts, assets or sensors. */
@Entity('annotation')
@Unique('annotation_key', ['content', 'start', 'beliefTime', 'sourceId', 'type'])
export class Annotation {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'timestamptz' })
  start!: Date;

  @Column({ type: 'timestamptz' })
  end!: Date;

  @Column({ name: 'belief_time', type: 'timestamptz', nullable: true })
  beliefTime!: Date | null;

  /** alert, error, feedback, holiday, label or warning. */
  @Column({ type: 'varchar', length: 20 })
  type!: string;

  @Column({ type: 'varchar', length: 1024 })
  content!: string;

  @Column({ name: 'source_id', type: 'integer' })
  sourceId!: number;

  @ManyToOne(() => Source, { nullable: false })
  @JoinColumn({ name: 'source_id' })
  source!: Source;

  @ManyToMany(() => Account)
  @JoinTable(joinTable('annotations_accounts', 'account_id'))
  accounts!: Account[];

  @ManyToMany(() => DetailedAsset)
  @JoinTable(joinTable('annotations_assets', 'generic_asset_id'))
  assets!: DetailedAsset[];

  @ManyToMany(() => Sensor)
  @JoinTable(joinTable('annotations_sensors', 'sensor_id'))
  sensors!: Sensor[];
}
