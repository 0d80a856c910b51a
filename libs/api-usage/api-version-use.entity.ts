import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from '#lib/accounts';

/** How often a user used a deprecated version of the API, and when last. */
@Entity('api_version_use')
export class ApiVersionUse {
  /** As in paths, such as `v1_3`. */
  @PrimaryColumn({ type: 'varchar', length: 10 })
  version!: string;

  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: User;

  @Column({ type: 'bigint' })
  requests!: string;

  @Column({ name: 'last_used_at', type: 'timestamptz' })
  lastUsedAt!: Date;
}
