/** What a user may do with an account, an asset, a sensor or a user. */
export type PluginPermission = 'create-children' | 'read' | 'update' | 'delete';

/** What the `:id` in the path of a route names. */
export type ResourceKind = 'account' | 'asset' | 'sensor' | 'user';

/** One requirement of a view or a route. Users with the role `admin` meet every requirement about roles. */
export type Access =
  | { kind: 'visitors' }
  | { kind: 'login' }
  | { kind: 'permission'; permission: PluginPermission; of: ResourceKind }
  | { kind: 'roles'; of: 'account' | 'user'; needs: 'all' | 'any'; roles: readonly string[] }
  | { kind: 'devices'; scope: 'read' | 'post-data' | 'trigger' };

/** Needs a user who is logged in or sends a token. This is what views and routes need if they say nothing. */
export const authRequired = (): Access => ({ kind: 'login' });

/** Needs no user. If there is one, the handler gets it. */
export const forVisitors = (): Access => ({ kind: 'visitors' });

/**
 * Needs a permission on the account, asset, sensor or user whose id is `:id` in the path. The handler gets it as `resource`.
 * Prefer it to roles: a user with the role `admin-reader` can then read and not write.
 */
export const permissionRequiredForContext = (permission: PluginPermission, of: ResourceKind): Access => ({
  kind: 'permission',
  permission,
  of,
});

/** Needs a user whose account has all of these roles. */
export const accountRolesRequired = (...roles: string[]): Access => ({
  kind: 'roles',
  of: 'account',
  needs: 'all',
  roles,
});

/** Needs a user whose account has at least one of these roles. */
export const accountRolesAccepted = (...roles: string[]): Access => ({
  kind: 'roles',
  of: 'account',
  needs: 'any',
  roles,
});

/** Needs a user who has all of these roles. */
export const rolesRequired = (...roles: string[]): Access => ({
  kind: 'roles',
  of: 'user',
  needs: 'all',
  roles,
});

/** Needs a user who has at least one of these roles. */
export const rolesAccepted = (...roles: string[]): Access => ({
  kind: 'roles',
  of: 'user',
  needs: 'any',
  roles,
});

/** Also accepts devices, with a device token that has the scope. Without it, a route refuses device tokens. */
export const devicesAccepted = (scope: 'read' | 'post-data' | 'trigger'): Access => ({
  kind: 'devices',
  scope,
});
