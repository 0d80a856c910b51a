import { ANY_USER, type AccessRules } from '#lib/accounts/model';
import type { Asset } from './asset.entity';

/**
 * Members can read and update the assets of their account; account-admins can also create sensors and delete assets.
 * Consultants of the account can do all of this. Every user can read public assets; only admins can change them.
 */
export function assetRules({ id: assetId, accountId }: Pick<Asset, 'id' | 'accountId'>): AccessRules {
  if (accountId === null) return { read: [ANY_USER], 'read-children': [ANY_USER] };
  const consultants = { clientAccountId: accountId };
  const members = [{ accountId }, consultants];
  const managers = [{ accountId, role: 'account-admin' }, consultants];
  return {
    assetId,
    read: members,
    'read-children': members,
    update: members,
    'create-children': managers,
    delete: managers,
  };
}
