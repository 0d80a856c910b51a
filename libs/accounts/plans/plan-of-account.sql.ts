/**
 * An expression for the plan of an account (`AccountPlan` as JSON), null if it has none. It reads two rows by primary key.
 * @param accountId expression for the id of the account
 */
export const planOfAccount = (accountId: string): string => `
  (SELECT json_build_object('defaultRateLimit', plan.default_rate_limit, 'triggerRateLimit', plan.trigger_rate_limit,
     'rateLimitKey', plan.rate_limit_key)
   FROM account planned JOIN plan ON plan.id = planned.plan_id WHERE planned.id = ${accountId})`;
