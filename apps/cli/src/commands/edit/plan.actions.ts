import { AccountManagement, PlansService, type PlanFields } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { withServices } from '../../app/services';

/** Fields of a plan that can be cleared, by the name of their option. */
export const CLEARABLE = {
  'default-rate-limit': 'defaultRateLimit',
  'trigger-rate-limit': 'triggerRateLimit',
  'rate-limit-key': 'rateLimitKey',
} as const;

export interface EditPlanOptions extends Partial<PlanFields> {
  id: number;
  clear?: (keyof typeof CLEARABLE)[];
}

export function editPlan({ id, clear = [], ...given }: EditPlanOptions): Promise<void> {
  const cleared = clear.map((name) => CLEARABLE[name]);
  const contradiction = clear.find((name) => given[CLEARABLE[name]] !== undefined);
  if (contradiction !== undefined)
    throw new DomainError('INVALID_OPTION', `Give either --${contradiction} or --clear ${contradiction}.`);
  const changes = { ...given, ...Object.fromEntries(cleared.map((field) => [field, null])) };
  if (Object.keys(changes).length === 0)
    throw new DomainError('INVALID_OPTION', 'Give at least one option with a change.');
  return withServices(async (services) => {
    const plan = await services(PlansService).update(id, changes);
    console.log(`Plan '${plan.name}' (ID: ${id}) successfully changed.`);
  });
}

export interface EditAccountOptions {
  id: number;
  planId?: number;
  /** False for `--no-plan`. */
  plan: boolean;
}

export function editAccount({ id, planId, plan }: EditAccountOptions): Promise<void> {
  if (plan === (planId === undefined))
    throw new DomainError('INVALID_OPTION', 'Give either --plan-id or --no-plan.');
  return withServices(async (services) => {
    const account = await services(AccountManagement).setPlan(id, planId ?? null);
    const text = planId === undefined ? 'has no plan now' : `has plan ${planId} now`;
    console.log(`Account '${account.name}' (ID: ${id}) ${text}.`);
  });
}
