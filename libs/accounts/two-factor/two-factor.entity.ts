import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity';

/** The second factor of a user. A row exists once the user began to set up an app, or was mailed a code. */
@Entity('two_factor')
export class TwoFactor {
  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId!: number;

  @OneToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: User;

  /** Secret of the app, encrypted. */
  @Column({ name: 'app_secret', type: 'bytea', nullable: true })
  appSecret!: Buffer | null;

  /** When a code of the app was first shown; null while it is being set up. */
  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt!: Date | null;

  /** Number of the last period of 30 seconds whose code was used. Each code works once. */
  @Column({ name: 'last_period', type: 'bigint', nullable: true })
  lastPeriod!: string | null;

  /** Keyed hashes of the recovery codes that were not used. */
  @Column({ name: 'recovery_hashes', type: 'text', array: true, default: [] })
  recoveryHashes!: string[];

  /** Keyed hash of the code that was mailed last. */
  @Column({ name: 'mailed_hash', type: 'text', nullable: true })
  mailedHash!: string | null;

  @Column({ name: 'mailed_until', type: 'timestamptz', nullable: true })
  mailedUntil!: Date | null;

  /** Wrong codes since the last right one. */
  @Column({ name: 'wrong_codes', type: 'integer', default: 0 })
  wrongCodes!: number;

  /** Until when no code is accepted. */
  @Column({ name: 'blocked_until', type: 'timestamptz', nullable: true })
  blockedUntil!: Date | null;
}
