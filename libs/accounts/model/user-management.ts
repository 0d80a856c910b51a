import type { Requester } from './access';

const ADMIN = 'admin';
const ACCOUNT_ADMIN = 'account-admin';

/** Roles that reach beyond one's own account: admins alone give and take them, and manage whoever has them. */
const PLATFORM_ROLES: readonly string[] = [ADMIN, 'admin-reader'];

/** A user who is to be changed. */
export interface ManagedUser {
  id: number;
  accountId: number;
  /** Names of the user's roles. */
  roles: readonly string[];
}

/** Whether somebody may change all fields of a user: an admin, or an account-admin of the user's account. */
export function mayManage(requester: Requester, user: ManagedUser): boolean {
  if (requester.roles.includes(ADMIN)) return true;
  const isOfSameAccount = requester.accountId === user.accountId;
  return isOfSameAccount && requester.roles.includes(ACCOUNT_ADMIN) && !user.roles.some(isPlatformRole);
}

/** Whether somebody who manages a user may give that role to the user, or take it away. */
export function mayGive(requester: Requester, role: string): boolean {
  return requester.roles.includes(ADMIN) || !isPlatformRole(role);
}

const isPlatformRole = (role: string): boolean => PLATFORM_ROLES.includes(role);
