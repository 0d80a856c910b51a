/** Permissions on a resource. The children of an account are its assets and users, those of a sensor its data. */
export type Permission = 'create-children' | 'read' | 'read-children' | 'update' | 'delete';

/** Who acts: a user, or an account if no user asked, for example in forecasts that new data triggers. */
export interface Actor {
  /** Id of the user. */
  id?: number;
  /** null for the actor of public assets, which has the permissions of every user. */
  accountId: number | null;
  /** Names of the user's roles. */
  roles: readonly string[];
}

/** A user who makes a request. */
export interface Requester extends Actor {
  id: number;
  accountId: number;
}

/** Conditions on an actor. An actor matches if it meets all conditions that are set. */
export interface Principal {
  userId?: number;
  accountId?: number;
  role?: string;
}

/** Principals that have each permission on a resource. Only admins have a permission that is not listed. */
export type AccessRules = Partial<Record<Permission, readonly Principal[]>>;

/** Matches every logged-in user. */
export const ANY_USER: Principal = {};

const ADMIN = 'admin';
const ADMIN_READER = 'admin-reader';
const READ_PERMISSIONS: readonly Permission[] = ['read', 'read-children'];

/** Admins can do everything and admin-readers can read everything. For all others, the rules of the resource decide. */
export function isAllowed(actor: Actor, permission: Permission, rules: AccessRules): boolean {
  if (actor.roles.includes(ADMIN)) return true;
  if (actor.roles.includes(ADMIN_READER) && READ_PERMISSIONS.includes(permission)) return true;
  return (rules[permission] ?? []).some((principal) => matches(actor, principal));
}

function matches(actor: Actor, { userId, accountId, role }: Principal): boolean {
  return (
    (userId === undefined || userId === actor.id) &&
    (accountId === undefined || accountId === actor.accountId) &&
    (role === undefined || actor.roles.includes(role))
  );
}
