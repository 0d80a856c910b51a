import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Who did what, to what, and when. Entries cannot be changed, and outlive what they are about. */
@Entity('audit_log')
@Check('audit_log_author_check', "author <> ''")
// The migration creates the indexes, because they are partial.
@Index('audit_log_account_id_idx', { synchronize: false })
@Index('audit_log_user_id_idx', { synchronize: false })
@Index('audit_log_asset_id_idx', { synchronize: false })
@Index('audit_log_author_user_id_idx', { synchronize: false })
export class AuditEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column({ name: 'event_time', type: 'timestamptz' })
  eventTime!: Date;

  /** Name of the domain event. */
  @Column({ type: 'varchar', length: 80 })
  event!: string;

  /** What happened, in a sentence. */
  @Column({ type: 'text' })
  description!: string;

  /** Name of the user, or for example "command line (alice)". */
  @Column({ type: 'text' })
  author!: string;

  /** Id of the user who did it, or for whom a device did it. */
  @Column({ name: 'author_user_id', type: 'integer', nullable: true })
  authorUserId!: number | null;

  /** Name of the device token that was used. */
  @Column({ name: 'author_token', type: 'varchar', length: 80, nullable: true })
  authorToken!: string | null;

  @Column({ name: 'account_id', type: 'integer', nullable: true })
  accountId!: number | null;

  /** The user to whom it was done. */
  @Column({ name: 'user_id', type: 'integer', nullable: true })
  userId!: number | null;

  @Column({ name: 'asset_id', type: 'integer', nullable: true })
  assetId!: number | null;

  @Column({ name: 'sensor_id', type: 'integer', nullable: true })
  sensorId!: number | null;

  /** Names of the fields that changed. */
  @Column({ type: 'text', array: true, default: [] })
  fields!: string[];
}

/** The last name and place of an account, user, asset or sensor, also of a deleted one. Triggers write it. */
@Entity('audit_subject')
export class AuditSubject {
  @PrimaryColumn({ type: 'varchar', length: 20 })
  kind!: 'account' | 'user' | 'asset' | 'sensor';

  @PrimaryColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'account_id', type: 'integer', nullable: true })
  accountId!: number | null;

  @Column({ name: 'asset_id', type: 'integer', nullable: true })
  assetId!: number | null;
}
