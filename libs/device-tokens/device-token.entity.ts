import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { User } from '#lib/accounts';
import type { DeviceScope } from './model';

/** A long-lived token with which a device acts for a user, within scopes. Its secret is stored as a hash. */
@Entity('device_token')
@Index('device_token_user_id_name_key', { synchronize: false })
export class DeviceToken {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ name: 'user_id', type: 'integer' })
  userId!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: User;

  /** Unique among the tokens of the user that are not revoked. The migration creates the index, because it is partial. */
  @Column({ type: 'varchar', length: 80 })
  name!: string;

  /** SHA-256 of the secret, which has 256 random bits. */
  @Column({ name: 'secret_hash', type: 'bytea', unique: true, select: false })
  secretHash!: Buffer;

  @Column({ type: 'text', array: true })
  scopes!: DeviceScope[];

  /** The token is limited to these assets and their descendants; null for all assets of the account. */
  @Column({ name: 'asset_ids', type: 'integer', array: true, nullable: true })
  assetIds!: number[] | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** To the minute. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  /** When the token was last used after its end, to the hour. */
  @Column({ name: 'last_refused_at', type: 'timestamptz', nullable: true })
  lastRefusedAt!: Date | null;
}
