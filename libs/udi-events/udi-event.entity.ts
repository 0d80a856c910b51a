import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Sensor } from '#lib/sensors';

/** A UDI event and the job of the schedule that it triggered. */
@Entity('udi_event')
export class UdiEvent {
  @PrimaryColumn({ name: 'sensor_id', type: 'integer' })
  sensorId!: number;

  @ManyToOne(() => Sensor, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'sensor_id' })
  sensor!: Sensor;

  /** The number that the gateway gave it. */
  @PrimaryColumn({ name: 'event_id', type: 'bigint' })
  eventId!: string;

  /** What it is about, such as `soc`. */
  @PrimaryColumn({ name: 'event_type', type: 'varchar', length: 80 })
  eventType!: string;

  @Column({ name: 'job_id', type: 'uuid' })
  jobId!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
