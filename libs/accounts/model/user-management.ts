import type { Requester } from './access';

const ADMIN = 'admin';
const ACCOUNT_ADMIN = 'account-admin';
const CONSULTANT = 'consultant';

/** Role of accounts whose consultants can have client accounts. */
export const CONSULTANCY_ROLE = 'Consultancy';

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

/** Whether the requester can change all fields of a user: an admin, or an account-admin or consultant of the user's account. */
export function canManage(requester: Requester, user: ManagedUser): boolean {
  if (isServerAdmin(requester)) return true;
  if (user.roles.some(isPlatformRole)) return false;
  return isAccountAdmin(requester, user.accountId) || isConsultantOf(requester, user.accountId);
}

/**
 * Whether a requester who manages a user of this account can grant this role to the user or revoke it. Consultants are chosen
 * in their own account only.
 */
export function canGrantRole(requester: Requester, role: string, accountId: number): boolean {
  if (isServerAdmin(requester)) return true;
  return role === CONSULTANT ? isAccountAdmin(requester, accountId) : !isPlatformRole(role);
}

/** A user who may manage accounts. */
export interface AccountManager extends Requester {
  /** Names of the roles of the account. */
  accountRoles: readonly string[];
}

/** Whether the requester can create accounts: an admin, or a consultant of a consultancy. */
export const canCreateAccounts = (requester: AccountManager): boolean =>
  isServerAdmin(requester) || (requester.roles.includes(CONSULTANT) && isOfConsultancy(requester));

/** Whether a requester, who is no admin, can make this account (null: none) the consultancy of an account. */
export const canBeConsultancy = (id: number | null, requester: AccountManager): boolean =>
  isOfConsultancy(requester) &&
  [CONSULTANT, ACCOUNT_ADMIN].some((role) => requester.roles.includes(role)) &&
  (id === null || id === requester.accountId);

const isOfConsultancy = ({ accountRoles }: AccountManager): boolean =>
  accountRoles.includes(CONSULTANCY_ROLE);

const isAccountAdmin = (requester: Requester, accountId: number): boolean =>
  requester.accountId === accountId && requester.roles.includes(ACCOUNT_ADMIN);

const isConsultantOf = ({ clientAccountIds = [] }: Requester, accountId: number): boolean =>
  clientAccountIds.includes(accountId);

/** Whether a role gives permissions beyond one account. */
export const isPlatformRole = (role: string): boolean => PLATFORM_ROLES.includes(role);
