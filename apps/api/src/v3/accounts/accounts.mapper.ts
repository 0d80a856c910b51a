import type { Account } from '#lib/accounts';

/** An account as a response of the API. */
export const toAccountResponse = ({ id, name, accountRoles }: Account) => ({
  account_roles: accountRoles.map((role) => role.id).sort((one, other) => one - other),
  id,
  name,
});
