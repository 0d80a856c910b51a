import type { AccessRules } from './access';
import { isPlatformRole } from './user-management';

type Account = { id: number };
type User = { id: number; accountId: number };

/** Members can read their account; account-admins and its consultants can change it and create its assets and users. */
export function accountRules({ id: accountId }: Account): AccessRules {
  const readers = [{ accountId }, { clientAccountId: accountId }];
  const managers = [{ accountId, role: 'account-admin' }, { clientAccountId: accountId }];
  return { read: readers, 'read-children': readers, 'create-children': managers, update: managers };
}

/**
 * Members and consultants can read the users of an account. Users can change themselves, account-admins and consultants the
 * users of the account.
 */
export function userRules({ id: userId, accountId }: User): AccessRules {
  return {
    read: [{ accountId }, { clientAccountId: accountId }],
    update: [{ userId }, { accountId, role: 'account-admin' }, { clientAccountId: accountId }],
  };
}

/** Users can reset their own password. Only admins can reset the passwords of others. */
export function passwordRules({ id: userId }: Pick<User, 'id'>): AccessRules {
  return { update: [{ userId }] };
}

/** Users can create, list and revoke their device tokens. Account-admins can list and revoke those of their account. */
export function deviceTokenRules({ id: userId, accountId }: User): AccessRules {
  const managers = [{ userId }, { accountId, role: 'account-admin' }];
  return { read: managers, 'create-children': [{ userId }], delete: managers };
}

/** Account-admins and consultants can read who changed what in an account. */
export function accountAuditRules({ id: accountId }: Account): AccessRules {
  return { read: [{ accountId, role: 'account-admin' }, { clientAccountId: accountId }] };
}

/** Users can read what they did and what was done to them, account-admins and consultants the same of the account. */
export function userAuditRules({ id: userId, accountId }: User): AccessRules {
  return { read: [{ userId }, { accountId, role: 'account-admin' }, { clientAccountId: accountId }] };
}

/**
 * Users can set up and see their second factor. Account-admins can see and remove those of their account, but only admins of the
 * server can remove that of a user who has permissions beyond the account.
 */
export function twoFactorRules({
  id: userId,
  accountId,
  roles,
}: User & { roles: readonly { name: string }[] }): AccessRules {
  const managers = [{ userId }, { accountId, role: 'account-admin' }];
  const isOfPlatform = roles.some(({ name }) => isPlatformRole(name));
  return { read: managers, update: [{ userId }], delete: isOfPlatform ? [{ userId }] : managers };
}
