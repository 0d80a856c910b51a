import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The belief table, for TypeORM's comparison of schema and migrations. Nothing reads or writes through this class:
 * beliefs are read and written in bulk by the SQL of the beliefs repository.
 */
@Entity('timed_belief')
export class TimedBelief {
  @PrimaryColumn({ name: 'sensor_id', type: 'integer' })
  sensorId!: number;

  @PrimaryColumn({ name: 'event_start', type: 'timestamptz' })
  eventStart!: Date;

  /** Knowledge time minus belief time, milliseconds: positive is a forecast. */
  @PrimaryColumn({ name: 'belief_horizon', type: 'bigint' })
  beliefHorizon!: string;

  @PrimaryColumn({ name: 'source_id', type: 'integer' })
  sourceId!: number;

  @PrimaryColumn({
    name: 'cumulative_probability',
    type: 'double precision',
    default: () => '0.5',
  })
  cumulativeProbability!: number;

  @Column({ name: 'event_value', type: 'double precision' })
  eventValue!: number;

  /** Horizons at which the source repeated this belief unchanged, the latest first; null if it never did. */
  @Column({ name: 'repeated_horizons', type: 'bigint', array: true, nullable: true })
  repeatedHorizons!: string[] | null;
}
