export {
  ANY_USER,
  isAllowed,
  type AccessRules,
  type Actor,
  type Permission,
  type Principal,
  type Requester,
} from './access';
export { weaknessOf } from './secret-strength';
export { mayGive, mayManage, type ManagedUser } from './user-management';
