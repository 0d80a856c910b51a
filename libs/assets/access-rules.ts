import { ANY_USER, type AccessRules } from '#lib/accounts/model';
import type { Asset } from './asset.entity';

/**
 * Members can read and update the assets of their account; account-admins can also create sensors and delete assets.
 * Every user can read public assets; only admins can change them.
 */
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
