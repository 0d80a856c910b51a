export { Account, AccountRole } from './account.entity';
export {
  ACCOUNT_CREATED,
  ACCOUNT_DELETED,
  USER_CREATED,
  USER_DELETED,
  USER_UPDATED,
} from './accounts.events';
export { AccountsModule } from './accounts.module';
export { AccountsService } from './accounts.service';
export { EndedSession } from './ended-session.entity';
export { USER_ROLES } from './roles';
export { Role, User } from './user.entity';
export { UserManagement, type UserChanges } from './user-management.service';
export { UsersService, type NewUser } from './users.service';
export { accountRules, passwordRules, userRules } from './access-rules';
export {
  AuthenticationService,
  type KnownUser,
  type SessionPayload,
  type TokenPayload,
} from './authentication.service';
export { PasswordResets, type LinkTo } from './password-resets.service';
export { keyFor, secretKey } from './secrets';
