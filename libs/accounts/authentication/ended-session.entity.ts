import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session that its user ended by logging out. It is stored until the session would have expired. */
@Entity('ended_session')
export class EndedSession {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
}
