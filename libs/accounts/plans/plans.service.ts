import { Injectable } from '@nestjs/common';
import { parseRateLimit, RATE_LIMIT_FORM } from '#lib/config/model';
import { Transactions, violatedConstraint } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { PLAN_CREATED, PLAN_UPDATED } from '../events/accounts.events';
import { Plan } from './plan.entity';

const MAX_NAME = 80;

/** What can be said about a plan. */
export type PlanFields = Omit<Plan, 'id'>;

/** Plans of accounts. An account keeps its plan when the plan becomes a legacy plan. */
@Injectable()
export class PlansService {
  constructor(
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  list(): Promise<Plan[]> {
    return this.plans.find({ order: { id: 'ASC' } });
  }

  /** @throws DomainError PLAN_NOT_FOUND with the field */
  async get(id: number, field = 'id'): Promise<Plan> {
    const plan = await this.plans.findOneBy({ id });
    if (!plan) throw new DomainError('PLAN_NOT_FOUND', `There is no plan with id ${id}.`, field);
    return plan;
  }

  /** @throws DomainError PLAN_INVALID, PLAN_EXISTS with the field */
  create(fields: Pick<PlanFields, 'name'> & Partial<PlanFields>): Promise<Plan> {
    checkPlan(fields);
    return this.transactions.run(async () => {
      const plan = await this.plans.save(this.plans.create(fields)).catch(toExistsError(fields.name));
      this.events.emit(PLAN_CREATED, { id: plan.id, name: plan.name });
      return plan;
    });
  }

  /** Changes some fields. @throws DomainError PLAN_NOT_FOUND, PLAN_INVALID, PLAN_EXISTS with the field */
  update(id: number, changes: Partial<PlanFields>): Promise<Plan> {
    checkPlan(changes);
    return this.transactions.run(async () => {
      const { name } = await this.get(id);
      const plan = { id, ...changes };
      await this.plans.save(plan).catch(toExistsError(changes.name ?? name));
      this.events.emit(PLAN_UPDATED, { id, name: changes.name ?? name, fields: Object.keys(changes) });
      return this.get(id);
    });
  }

  private get plans() {
    return this.transactions.manager.getRepository(Plan);
  }
}

function checkPlan({ name, defaultRateLimit, triggerRateLimit }: Partial<PlanFields>): void {
  if (name !== undefined && (name.trim() === '' || name.length > MAX_NAME))
    throw invalid(`The name of a plan must have 1 to ${MAX_NAME} characters.`, 'name');
  checkLimit(defaultRateLimit, 'default_rate_limit');
  checkLimit(triggerRateLimit, 'trigger_rate_limit');
}

function checkLimit(text: string | null | undefined, field: string): void {
  if (text == null || (text.length <= MAX_NAME && parseRateLimit(text) !== undefined)) return;
  throw invalid(`${field}: ${RATE_LIMIT_FORM}.`, field);
}

const invalid = (message: string, field: string): DomainError =>
  new DomainError('PLAN_INVALID', message, field);

const toExistsError =
  (name: string) =>
  (error: unknown): never => {
    if (violatedConstraint(error) !== 'unique') throw error;
    throw new DomainError('PLAN_EXISTS', `A plan named '${name}' already exists.`, 'name');
  };
