export { Account, AccountRole } from './accounts/account.entity';
export {
  ACCOUNT_CREATED,
  ACCOUNT_DELETED,
  ACCOUNT_ROLE_CREATED,
  ACCOUNT_ROLE_DELETED,
  ACCOUNT_UPDATED,
  PLAN_CREATED,
  PLAN_UPDATED,
  SESSION_ENDED,
  USER_CREATED,
  USER_DELETED,
  USER_ROLE_CREATED,
  USER_UPDATED,
} from './events/accounts.events';
export { AccountsModule } from './accounts.module';
export { AbsentUsersRepository, type AbsentUser, type ExpectedUsers } from './users/absent-users.repository';
export { AccountManagement, type AccountChanges } from './accounts/account-management.service';
export { AccountsService, type AccountColours, type AccountInList } from './accounts/accounts.service';
export { EndedSessions } from './authentication/ended-sessions.service';
export { EndedSession } from './authentication/ended-session.entity';
export { Plan, type AccountPlan } from './plans/plan.entity';
export { planOfAccount } from './plans/plan-of-account.sql';
export { PlansService, type PlanFields } from './plans/plans.service';
export { USER_ROLES } from './users/roles';
export { Role, User } from './users/user.entity';
export { EmailChanges, type ConfirmationUrlBuilder, type EmailChange } from './users/email-changes.service';
export { MailThrottle } from './users/mail-throttle';
export { UserManagement, type UpdatedUser, type UserChanges } from './users/user-management.service';
export type { UserListing, UserPage } from './users/users.repository';
export { UsersService, type NewUser } from './users/users.service';
export {
  AuthenticationService,
  type AuthenticatedUser,
  type SessionPayload,
  type TokenPayload,
} from './authentication/authentication.service';
export { TOY_USER } from './users/toy-user';
export { PasswordResets, type ResetUrlBuilder } from './authentication/password-resets.service';
export { TwoFactor } from './two-factor/two-factor.entity';
export { TwoFactorService, type TwoFactorState } from './two-factor/two-factor.service';
export { decrypt, encrypt } from './two-factor/encryption';
export { deriveKey, secretKey } from './passwords/secrets';
