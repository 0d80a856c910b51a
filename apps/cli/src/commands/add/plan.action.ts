import { PlansService } from '#lib/accounts';
import type { TriggerKey } from '#lib/config/model';
import { withServices } from '../../app/services';

export interface PlanOptions {
  name: string;
  defaultRateLimit?: string;
  triggerRateLimit?: string;
  rateLimitKey?: TriggerKey;
}

export function addPlan(options: PlanOptions): Promise<void> {
  return withServices(async (services) => {
    const plan = await services(PlansService).create(options);
    console.log(`Plan '${plan.name}' (ID: ${plan.id}) successfully created.`);
    console.log(`Assign it with \`flexmeasures edit account --id <account> --plan-id ${plan.id}\`.`);
  });
}
