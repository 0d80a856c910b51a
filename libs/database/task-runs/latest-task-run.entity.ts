import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a recurring task last ran, and whether it succeeded. */
@Entity('latest_task_runs')
export class LatestTaskRun {
  @PrimaryColumn({ type: 'varchar', length: 80 })
  name!: string;

  @Column({ type: 'timestamptz' })
  datetime!: Date;

  @Column({ type: 'boolean' })
  status!: boolean;
}
