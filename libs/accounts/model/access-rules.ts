import type { AccessRules } from './access';

type Account = { id: number };
type User = { id: number; accountId: number };

/** Members can read their account; account-admins can change it and create its assets and users. */
export function accountRules({ id: accountId }: Account): AccessRules {
  return {
    read: [{ accountId }],
    'read-children': [{ accountId }],
    'create-children': [{ accountId, role: 'account-admin' }],
    update: [{ accountId, role: 'account-admin' }],
  };
}

/** Members can read the users of their account. Users can change themselves, account-admins the users of their account. */
export function userRules({ id: userId, accountId }: User): AccessRules {
  return {
    read: [{ accountId }],
    update: [{ userId }, { accountId, role: 'account-admin' }],
  };
}

/** Users can reset their own password. Only admins can reset the passwords of others. */
export function passwordRules({ id: userId }: Pick<User, 'id'>): AccessRules {
  return { update: [{ userId }] };
}
