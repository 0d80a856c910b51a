export {
  ANY_USER,
  HOST,
  isAllowed,
  readableAccountIds,
  type AccessRules,
  type Actor,
  type Permission,
  type Principal,
  type Requester,
} from './access';
export { findKeyWeakness } from './secret-strength';
export {
  canBeConsultancy,
  canCreateAccounts,
  canGrantRole,
  canManage,
  CONSULTANCY_ROLE,
  isServerAdmin,
  type AccountManager,
  type ManagedUser,
} from './user-management';
export {
  accountAuditRules,
  accountRules,
  deviceTokenRules,
  passwordRules,
  twoFactorRules,
  userAuditRules,
  userRules,
} from './access-rules';
export {
  BLOCK_MS,
  isSixDigits,
  MAX_WRONG_CODES,
  neededFactor,
  normaliseCode,
  RECOVERY_CODES,
  TWO_FACTOR_POLICIES,
  type SecondFactor,
  type TwoFactorPolicy,
} from './two-factor';
