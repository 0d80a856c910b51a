export { Account, AccountRole } from './account.entity';
export { Role, User } from './user.entity';
