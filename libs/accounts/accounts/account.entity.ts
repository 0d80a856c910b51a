import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryGeneratedColumn,
} from 'typeorm';
import type { TwoFactorPolicy } from '../model';
import { Plan } from '../plans/plan.entity';

/** The role of an account on the platform, for instance prosumer or meter data company. */
@Entity('account_role')
export class AccountRole {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 80, unique: true })
  name!: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  description!: string;
}

/** A tenant: an organisation with its users and assets. */
@Entity('account')
@Check('account_two_factor_check', "two_factor IN ('off', 'optional', 'required')")
export class Account {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 100, unique: true })
  name!: string;

  /** Hex code with a leading `#`, as the secondary colour. */
  @Column({ name: 'primary_color', type: 'varchar', length: 7, nullable: true })
  primaryColor!: string | null;

  @Column({ name: 'secondary_color', type: 'varchar', length: 7, nullable: true })
  secondaryColor!: string | null;

  @Column({ name: 'logo_url', type: 'varchar', length: 255, nullable: true })
  logoUrl!: string | null;

  @Column({ type: 'jsonb', default: {} })
  attributes!: Record<string, unknown>;

  /** The account whose consultants can read and manage this one. */
  @Index('account_consultancy_account_id_idx')
  @Column({ name: 'consultancy_account_id', type: 'integer', nullable: true })
  consultancyAccountId!: number | null;

  @ManyToOne(() => Account, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'consultancy_account_id' })
  consultancyAccount!: Account | null;

  /** How often the users may use the API; null: as the settings say. */
  @Column({ name: 'plan_id', type: 'integer', nullable: true })
  planId!: number | null;

  @ManyToOne(() => Plan, { nullable: true })
  @JoinColumn({ name: 'plan_id' })
  plan!: Plan | null;

  /** Whether the users log in with a second factor. */
  @Column({ name: 'two_factor', type: 'varchar', length: 10, default: 'optional' })
  twoFactor!: TwoFactorPolicy;

  @ManyToMany(() => AccountRole)
  @JoinTable({
    name: 'roles_accounts',
    joinColumn: { name: 'account_id' },
    inverseJoinColumn: { name: 'role_id' },
  })
  accountRoles!: AccountRole[];
}
