/** What routes of plugins need for authorization; see auth/README.md. */
export {
  isAllowed,
  type AccessRules,
  type Permission,
  type Principal,
  type Requester,
} from '#lib/accounts/model';
export { LimitsBody, type BodyLimits } from './bodies/body-limits';
export type { ApiUser } from './auth/authentication/api-user';
export { Public } from './auth/authentication/public';
export { AcceptsDevices } from './auth/permissions/device-scopes';
export { requirePermission, RequiresPermission, Resource, User } from './auth/permissions/permission.guard';
export type { ResourceKind } from './auth/permissions/resource-loaders';
export {
  AcceptsAccountRoles,
  AcceptsUserRoles,
  RequiresAccountRoles,
  RequiresUserRoles,
} from './auth/permissions/role-requirements';
