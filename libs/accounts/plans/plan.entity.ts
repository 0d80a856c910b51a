import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { TriggerKey } from '#lib/config/model';

/** How often the users of an account may use the API. Limits that are null are those of the settings. */
@Entity('plan')
@Check('plan_rate_limit_key_check', "rate_limit_key IN ('account', 'account+asset', 'user')")
export class Plan {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column({ type: 'varchar', length: 80, unique: true })
  name!: string;

  /** Such as `500 per minute`, or `unlimited`. */
  @Column({ name: 'default_rate_limit', type: 'varchar', length: 80, nullable: true })
  defaultRateLimit!: string | null;

  /** The same, for requests for schedules and forecasts. */
  @Column({ name: 'trigger_rate_limit', type: 'varchar', length: 80, nullable: true })
  triggerRateLimit!: string | null;

  /** What requests for schedules and forecasts are counted against. */
  @Column({ name: 'rate_limit_key', type: 'varchar', length: 20, nullable: true })
  rateLimitKey!: TriggerKey | null;

  /** Whether no further accounts get the plan. */
  @Column({ type: 'boolean', default: false })
  legacy!: boolean;
}

/** The part of a plan that each request needs. */
export type AccountPlan = Pick<Plan, 'defaultRateLimit' | 'triggerRateLimit' | 'rateLimitKey'>;
