import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';
import { Account } from '../accounts/account.entity';

/** A role that gives a user more permissions than the members of an account have; see `USER_ROLES`. */
@Entity('role')
export class Role {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 80, unique: true })
  name!: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  description!: string;
}

/** A person or program that logs in; belongs to exactly one account. */
@Entity('fm_user')
@Unique('fm_user_account_id_username_key', ['accountId', 'username'])
export class User {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  /** In lower case. */
  @Column({ type: 'varchar', length: 255, unique: true })
  email!: string;

  /** Unique in the account. */
  @Column({ type: 'varchar', length: 255 })
  username!: string;

  /** bcrypt hash of the peppered password. */
  @Column({ type: 'varchar', length: 255, select: false })
  password!: string;

  @Column({ name: 'last_login_at', type: 'timestamptz', nullable: true })
  lastLoginAt!: Date | null;

  /** When the user last sent a request, to the minute. */
  @Column({ name: 'last_seen_at', type: 'timestamptz', nullable: true })
  lastSeenAt!: Date | null;

  @Column({ name: 'login_count', type: 'integer', default: 0 })
  loginCount!: number;

  @Column({ type: 'boolean', default: true })
  active!: boolean;

  @Column({ type: 'varchar', length: 255, default: 'Europe/Amsterdam' })
  timezone!: string;

  /** Signed into every token and session; changing it ends all of them. */
  @Column({ name: 'fs_uniquifier', type: 'varchar', length: 64, unique: true, select: false })
  uniquifier!: string;

  @Column({ name: 'account_id', type: 'integer' })
  accountId!: number;

  @ManyToOne(() => Account, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'account_id' })
  account!: Account;

  @ManyToMany(() => Role)
  @JoinTable({ name: 'roles_users', joinColumn: { name: 'user_id' }, inverseJoinColumn: { name: 'role_id' } })
  roles!: Role[];
}
