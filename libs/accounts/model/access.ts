/** What can be done with a resource. `create-children` of an account makes its assets and users, of a sensor its data. */
export type Permission = 'create-children' | 'read' | 'read-children' | 'update' | 'delete';

/** Who asks. */
export interface Requester {
  id: number;
  accountId: number;
  /** Names of the user's roles. */
  roles: readonly string[];
}

/** A kind of requester; someone is meant who meets all the conditions given. */
export interface Principal {
  userId?: number;
  accountId?: number;
  role?: string;
}

/** Who may do what with a resource. A permission that is not listed is nobody's but the admins'. */
export type AccessRules = Partial<Record<Permission, readonly Principal[]>>;

/** Everyone who is logged in. */
export const ANY_USER: Principal = {};

const ADMIN = 'admin';
const ADMIN_READER = 'admin-reader';
const READING: readonly Permission[] = ['read', 'read-children'];

/** Admins may do everything and admin-readers read everything; for the rest, the rules of the resource count. */
export function isAllowed(requester: Requester, permission: Permission, rules: AccessRules): boolean {
  if (requester.roles.includes(ADMIN)) return true;
  if (requester.roles.includes(ADMIN_READER) && READING.includes(permission)) return true;
  return (rules[permission] ?? []).some((principal) => isMeant(requester, principal));
}

function isMeant(requester: Requester, { userId, accountId, role }: Principal): boolean {
  return (
    (userId === undefined || userId === requester.id) &&
    (accountId === undefined || accountId === requester.accountId) &&
    (role === undefined || requester.roles.includes(role))
  );
}
