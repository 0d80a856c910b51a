import type { Account } from '#lib/accounts';
import { TWO_FACTOR_POLICIES, type TwoFactorPolicy } from '#lib/accounts/model';
import type { PageRequest } from '../sessions/page-request';

/** Fields of the form about an account, as the API names them. */
export const ACCOUNT_FIELDS = [
  'name',
  'primary_color',
  'secondary_color',
  'logo_url',
  'two_factor',
  'plan_id',
  'consultancy_account_id',
] as const;

/** Name of the boxes of roles. */
export const ROLES = 'account_roles';

export type AccountForm = Record<(typeof ACCOUNT_FIELDS)[number], string>;

/** Fields that are ids: an empty text is none. */
const IDS = ['plan_id', 'consultancy_account_id'];

const POLICY_TEXTS: Record<TwoFactorPolicy, string> = {
  off: 'Never: the password is enough',
  optional: 'For users who have set up an app',
  required: 'Always: with an app, or a code by e-mail',
};

/** When users log in with a second factor, as options. */
export const POLICIES = TWO_FACTOR_POLICIES.map((policy) => [policy, POLICY_TEXTS[policy]]);

export const formOf = (account: Account): AccountForm => ({
  name: account.name,
  primary_color: account.primaryColor ?? '',
  secondary_color: account.secondaryColor ?? '',
  logo_url: account.logoUrl ?? '',
  two_factor: account.twoFactor,
  plan_id: String(account.planId ?? ''),
  consultancy_account_id: String(account.consultancyAccountId ?? ''),
});

/** The form as a request of the API; fields that were not in it are left out. */
export function toAccountPatch({ body }: PageRequest, form: AccountForm): Record<string, unknown> {
  const sent = (body ?? {}) as object;
  const given = Object.entries(form).filter(([name]) => name in sent);
  return Object.fromEntries(given.map(([name, text]) => [name, valueOf(name, text)]));
}

function valueOf(name: string, text: string): unknown {
  if (text === '' && name !== 'name') return null;
  return IDS.includes(name) ? Number(text) : text;
}

/** Ids of the roles that are ticked. */
export function tickedRoles({ body }: PageRequest): number[] {
  const { [ROLES]: ticked = [] } = (body ?? {}) as Record<string, string | string[]>;
  return [ticked].flat().map(Number);
}
