import { ANY_USER, type AccessRules } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';

/** Members can read the sensors of their account and post data to them; account-admins can change and delete them. */
export function sensorRules({ asset: { accountId } }: { asset: Pick<Asset, 'accountId'> }): AccessRules {
  if (accountId === null) return { read: [ANY_USER], 'read-children': [ANY_USER] };
  return {
    read: [{ accountId }],
    'read-children': [{ accountId }],
    'create-children': [{ accountId }],
    update: [{ accountId, role: 'account-admin' }],
    delete: [{ accountId, role: 'account-admin' }],
  };
}
