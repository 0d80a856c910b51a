import { ANY_USER, type AccessRules } from '#lib/accounts/model';
import type { Asset } from './asset.entity';

/** Members read and update the assets of their account; account-admins make sensors and delete. Public assets: admins. */
export function assetRules({ accountId }: Pick<Asset, 'accountId'>): AccessRules {
  if (accountId === null) return { read: [ANY_USER], 'read-children': [ANY_USER] };
  return {
    read: [{ accountId }],
    'read-children': [{ accountId }],
    update: [{ accountId }],
    'create-children': [{ accountId, role: 'account-admin' }],
    delete: [{ accountId, role: 'account-admin' }],
  };
}
