import type { Account } from './accounts/account.entity';
import type { AccessRules } from './model';
import type { User } from './users/user.entity';

/** Members read their account; account-admins make its assets and users. */
export function accountRules({ id: accountId }: Pick<Account, 'id'>): AccessRules {
  return {
    read: [{ accountId }],
    'read-children': [{ accountId }],
    'create-children': [{ accountId, role: 'account-admin' }],
    update: [{ accountId, role: 'account-admin' }],
  };
}

/** Users of an account read each other; they change themselves, and account-admins the users of their account. */
export function userRules({ id: userId, accountId }: Pick<User, 'id' | 'accountId'>): AccessRules {
  return {
    read: [{ accountId }],
    update: [{ userId }, { accountId, role: 'account-admin' }],
  };
}

/** Users reset their own password; for those of others it takes an admin. */
export function passwordRules({ id: userId }: Pick<User, 'id'>): AccessRules {
  return { update: [{ userId }] };
}
