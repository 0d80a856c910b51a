/** What can be done with a resource. `create-children` of an account makes its assets and users, of a sensor its data. */
export type Permission = 'create-children' | 'read' | 'read-children' | 'update' | 'delete';

/** Who acts: a user, or an account by itself where no user asked, as in forecasts that follow from new data. */
export interface Actor {
  /** Id of the user. */
  id?: number;
  /** null for nobody's account, that of public assets: such an actor may do what is open to every user. */
  accountId: number | null;
  /** Names of the user's roles. */
  roles: readonly string[];
}

/** A user who asks. */
export interface Requester extends Actor {
  id: number;
  accountId: number;
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
export function isAllowed(actor: Actor, permission: Permission, rules: AccessRules): boolean {
  if (actor.roles.includes(ADMIN)) return true;
  if (actor.roles.includes(ADMIN_READER) && READING.includes(permission)) return true;
  return (rules[permission] ?? []).some((principal) => isMeant(actor, principal));
}

function isMeant(actor: Actor, { userId, accountId, role }: Principal): boolean {
  return (
    (userId === undefined || userId === actor.id) &&
    (accountId === undefined || accountId === actor.accountId) &&
    (role === undefined || actor.roles.includes(role))
  );
}
