import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The answer to a request with an idempotency key. */
@Entity('idempotent_answer')
export class StoredAnswer {
  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId!: number;

  /** SHA-256 of the key. */
  @PrimaryColumn({ name: 'key_hash', type: 'bytea' })
  keyHash!: Buffer;

  /** SHA-256 of the request. */
  @Column({ name: 'request_hash', type: 'bytea' })
  requestHash!: Buffer;

  /** As the caller has encoded it. */
  @Column({ type: 'bytea' })
  answer!: Buffer;

  @Index('idempotent_answer_created_at_idx')
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
