export {
  ANY_USER,
  isAllowed,
  type AccessRules,
  type Actor,
  type Permission,
  type Principal,
  type Requester,
} from './access';
export { mayGive, mayManage, type ManagedUser } from './user-management';
