import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JobState } from './model';

/** A piece of work that was asked for: what, how far it is, and how it ended. */
@Entity('job')
@Index('job_open_idx', ['createdAt'], { where: "state IN ('queued', 'started')" })
@Index(['fingerprint', 'generation'])
@Index(['endedAt'])
export class Job {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** The same for jobs that do the same. */
  @Column({ type: 'uuid' })
  fingerprint!: string;

  /** Counts the jobs of one fingerprint. */
  @Column({ type: 'integer', default: 0 })
  generation!: number;

  @Column({ type: 'varchar', length: 40 })
  queue!: string;

  /** Which handler does it. */
  @Column({ type: 'varchar', length: 40 })
  kind!: string;

  @Column({ type: 'varchar', length: 10 })
  state!: JobState;

  @Column({ type: 'jsonb' })
  payload!: unknown;

  @Column({ type: 'jsonb', nullable: true })
  result!: unknown;

  /** Why it failed, for people. */
  @Column({ name: 'failure_reason', type: 'text', nullable: true })
  failureReason!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  /** How often it was begun. Who saves its outcome must have begun it last. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** When it may be begun, or begun again. */
  @Column({ name: 'run_after', type: 'timestamptz', default: () => 'now()' })
  runAfter!: Date;

  /** Until when its worker has it for itself, without another sign of life. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  /** Who began it last. */
  @Column({ type: 'varchar', length: 120, nullable: true })
  worker!: string | null;
}
