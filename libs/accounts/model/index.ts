export {
  ANY_USER,
  isAllowed,
  type AccessRules,
  type Actor,
  type Permission,
  type Principal,
  type Requester,
} from './access';
export { findKeyWeakness } from './secret-strength';
export { canGrantRole, canManage, isServerAdmin, type ManagedUser } from './user-management';
export { accountRules, passwordRules, userRules } from './access-rules';
