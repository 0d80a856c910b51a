import type { Requester } from './access';

const ADMIN = 'admin';
const ACCOUNT_ADMIN = 'account-admin';

/** Roles with permissions beyond one account. Only admins grant and revoke them, and manage the users who have them. */
const PLATFORM_ROLES: readonly string[] = [ADMIN, 'admin-reader', 'task-runner'];

/** The user to change. */
export interface ManagedUser {
  id: number;
  accountId: number;
  /** Names of the user's roles. */
  roles: readonly string[];
}

/** Whether the requester is an admin of the whole server. */
export const isServerAdmin = ({ roles }: Requester): boolean => roles.includes(ADMIN);

/** Whether the requester can change all fields of a user: an admin, or an account-admin of the user's account. */
export function canManage(requester: Requester, user: ManagedUser): boolean {
  if (isServerAdmin(requester)) return true;
  const isOfSameAccount = requester.accountId === user.accountId;
  return isOfSameAccount && requester.roles.includes(ACCOUNT_ADMIN) && !user.roles.some(isPlatformRole);
}

/** Whether a requester who manages a user can grant this role to the user or revoke it. */
export function canGrantRole(requester: Requester, role: string): boolean {
  return isServerAdmin(requester) || !isPlatformRole(role);
}

const isPlatformRole = (role: string): boolean => PLATFORM_ROLES.includes(role);
