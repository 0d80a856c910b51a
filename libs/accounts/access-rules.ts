import type { Account } from './accounts/account.entity';
import type { AccessRules } from './model';
import type { User } from './users/user.entity';

/** Members can read their account; account-admins can change it and create its assets and users. */
export function accountRules({ id: accountId }: Pick<Account, 'id'>): AccessRules {
  return {
    read: [{ accountId }],
    'read-children': [{ accountId }],
    'create-children': [{ accountId, role: 'account-admin' }],
    update: [{ accountId, role: 'account-admin' }],
  };
}

/** Members can read the users of their account. Users can change themselves, account-admins the users of their account. */
export function userRules({ id: userId, accountId }: Pick<User, 'id' | 'accountId'>): AccessRules {
  return {
    read: [{ accountId }],
    update: [{ userId }, { accountId, role: 'account-admin' }],
  };
}

/** Users can reset their own password. Only admins can reset the passwords of others. */
export function passwordRules({ id: userId }: Pick<User, 'id'>): AccessRules {
  return { update: [{ userId }] };
}
