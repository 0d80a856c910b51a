import { ANY_USER, type AccessRules } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';

/**
 * Members can read the sensors of their account and post data to them; account-admins can change and delete them. Consultants
 * of the account can do all of this.
 */
export function sensorRules({
  asset: { id: assetId, accountId },
}: {
  asset: Pick<Asset, 'id' | 'accountId'>;
}): AccessRules {
  if (accountId === null) return { read: [ANY_USER], 'read-children': [ANY_USER] };
  const consultants = { clientAccountId: accountId };
  const members = [{ accountId }, consultants];
  const managers = [{ accountId, role: 'account-admin' }, consultants];
  return {
    assetId,
    read: members,
    'read-children': members,
    'create-children': members,
    update: managers,
    delete: managers,
  };
}
