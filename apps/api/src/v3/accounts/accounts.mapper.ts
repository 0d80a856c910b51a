import type { Account } from '#lib/accounts';

/** An account as the API shows it. */
export const toAccountResponse = ({ id, name, accountRoles }: Account) => ({
  account_roles: accountRoles.map((role) => role.id).sort((one, other) => one - other),
  id,
  name,
});
