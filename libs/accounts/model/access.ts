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
  /** Ids of the accounts that the user advises as a consultant. */
  clientAccountIds?: readonly number[];
  /** Id of the device token with which a device acts for the user. */
  deviceTokenId?: number;
  /** Ids of the assets to which a device token is limited. Public assets stay readable. Undefined for all assets. */
  assetIds?: ReadonlySet<number>;
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
  /** The account that the actor advises as a consultant. */
  clientAccountId?: number;
}

/** Principals that have each permission on a resource. Only admins have a permission that is not listed. */
export interface AccessRules extends Partial<Record<Permission, readonly Principal[]>> {
  /** The asset that the resource is, or belongs to. Undefined for public assets, and for accounts and users. */
  assetId?: number;
}

/** Matches every logged-in user. */
export const ANY_USER: Principal = {};

const ADMIN = 'admin';
const ADMIN_READER = 'admin-reader';

/** The host itself, who may do everything: for commands, and for plugins outside of requests. No user has its id. */
export const HOST: Requester = { id: 0, accountId: 0, roles: [ADMIN] };

const READ_PERMISSIONS: readonly Permission[] = ['read', 'read-children'];

/**
 * Admins can do everything and admin-readers can read everything. For all others, the rules of the resource decide. An actor
 * that is limited to some assets can use these, and read what belongs to no account's asset.
 */
export function isAllowed(actor: Actor, permission: Permission, rules: AccessRules): boolean {
  if (!isWithinAssets(actor, permission, rules)) return false;
  if (actor.roles.includes(ADMIN)) return true;
  if (actor.roles.includes(ADMIN_READER) && READ_PERMISSIONS.includes(permission)) return true;
  return (rules[permission] ?? []).some((principal) => matches(actor, principal));
}

/** Ids of the accounts that a requester can read: the own one, and for consultants those of clients; undefined for all. */
export const readableAccountIds = (requester: Requester): number[] | undefined =>
  isAllowed(requester, 'read', {}) ? undefined : [requester.accountId, ...(requester.clientAccountIds ?? [])];

function isWithinAssets({ assetIds }: Actor, permission: Permission, { assetId }: AccessRules): boolean {
  if (assetIds === undefined) return true;
  return assetId === undefined ? READ_PERMISSIONS.includes(permission) : assetIds.has(assetId);
}

function matches(actor: Actor, { userId, accountId, role, clientAccountId }: Principal): boolean {
  return (
    (userId === undefined || userId === actor.id) &&
    (accountId === undefined || accountId === actor.accountId) &&
    (role === undefined || actor.roles.includes(role)) &&
    (clientAccountId === undefined || actor.clientAccountIds?.includes(clientAccountId) === true)
  );
}
