import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JobState } from './model';

/** A job: its kind and payload, its state and its result. */
@Entity('job')
@Index('job_waiting_idx', ['queue', 'turn', 'createdAt'], { where: "state IN ('queued', 'started')" })
@Index('job_started_turn_idx', ['queue', 'turn'], { where: 'attempts > 0' })
@Index('job_account_turn_idx', ['queue', 'accountId', 'turn'], { where: "attempts > 0 OR state = 'queued'" })
@Index('job_limited_idx', ['accountId', 'userId'], {
  where: "is_limited AND state IN ('queued', 'started')",
})
@Index('job_merge_idx', ['mergeKey'], { where: "state = 'queued'" })
// A migration creates these indexes, because they are on expressions.
@Index('job_asset_idx', { synchronize: false })
@Index('job_sensor_idx', { synchronize: false })
@Index('job_devices_idx', { synchronize: false })
@Index(['fingerprint', 'generation'])
@Index(['endedAt'])
export class Job {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** Hash of queue, kind and payload: equal for equal jobs. */
  @Column({ type: 'uuid' })
  fingerprint!: string;

  /** Counts the jobs with the same fingerprint. */
  @Column({ type: 'integer', default: 0 })
  generation!: number;

  @Column({ type: 'varchar', length: 40 })
  queue!: string;

  /** Selects the handler. */
  @Column({ type: 'varchar', length: 40 })
  kind!: string;

  @Column({ type: 'varchar', length: 10 })
  state!: JobState;

  @Column({ type: 'jsonb' })
  payload!: unknown;

  @Column({ type: 'jsonb', nullable: true })
  result!: unknown;

  /** Why the job failed, for users. */
  @Column({ name: 'failure_reason', type: 'text', nullable: true })
  failureReason!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  /** The account that the job counts for: of the user who asked, or of the asset. 0 without an account. */
  @Column({ name: 'account_id', type: 'integer', default: 0 })
  accountId!: number;

  /** The user who asked; null if nobody did. */
  @Column({ name: 'user_id', type: 'integer', nullable: true })
  userId!: number | null;

  /** Whether the job counts for the limits of open jobs. */
  @Column({ name: 'is_limited', type: 'boolean', default: false })
  isLimited!: boolean;

  /** While the job waits, new work with the same key is merged into it; null: never. */
  @Column({ name: 'merge_key', type: 'uuid', nullable: true })
  mergeKey!: string | null;

  /** Workers take the jobs of a queue in the order of their turns; see libs/queues/README.md. */
  @Column({ type: 'integer', default: 0 })
  turn!: number;

  /** A job that waits at this time fails. */
  @Column({ type: 'timestamptz', default: () => "(now() + '1 day')" })
  deadline!: Date;

  /** How often the job was started. Only the last attempt may save the outcome. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** The earliest time of the next attempt. */
  @Column({ name: 'run_after', type: 'timestamptz', default: () => 'now()' })
  runAfter!: Date;

  /** End of the lease: other workers can claim the job afterwards. The worker renews the lease while it works. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  /** Name of the worker of the last attempt. */
  @Column({ type: 'varchar', length: 120, nullable: true })
  worker!: string | null;
}
