export { Account, AccountRole } from './account.entity';
export { AccountsModule } from './accounts.module';
export { AccountsService } from './accounts.service';
export { USER_ROLES } from './roles';
export { Role, User } from './user.entity';
export { UsersService, type NewUser } from './users.service';
export { accountRules, userRules } from './access-rules';
export { AuthenticationService, type TokenPayload } from './authentication.service';
export { secretKey } from './secrets';
