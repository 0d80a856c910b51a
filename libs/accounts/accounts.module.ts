import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '#lib/events';
import { MailModule } from '#lib/mail';
import { Account, AccountRole } from './accounts/account.entity';
import { AccountManagement } from './accounts/account-management.service';
import { AccountsRepository } from './accounts/accounts.repository';
import { AccountsService } from './accounts/accounts.service';
import { AuthenticationService } from './authentication/authentication.service';
import { EndedSessions } from './authentication/ended-sessions.service';
import { EndedSession } from './authentication/ended-session.entity';
import { PasswordResets } from './authentication/password-resets.service';
import { PasswordRules } from './passwords/password-rules';
import { Passwords } from './passwords/passwords';
import { AbsentUsersRepository } from './users/absent-users.repository';
import { EmailChanges } from './users/email-changes.service';
import { LastSeenRecorder } from './users/last-seen';
import { LinkTokens } from './users/link-tokens';
import { MailThrottle } from './users/mail-throttle';
import { UserManagement } from './users/user-management.service';
import { TwoFactor } from './two-factor/two-factor.entity';
import { TwoFactorRepository } from './two-factor/two-factor.repository';
import { TwoFactorService } from './two-factor/two-factor.service';
import { Plan } from './plans/plan.entity';
import { PlansService } from './plans/plans.service';
import { Role, User } from './users/user.entity';
import { UsersRepository } from './users/users.repository';
import { UsersService } from './users/users.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Account, AccountRole, Plan, User, Role, EndedSession, TwoFactor]),
    EventsModule,
    MailModule,
  ],
  providers: [
    AccountsRepository,
    AccountManagement,
    AccountsService,
    PlansService,
    UsersRepository,
    AbsentUsersRepository,
    UsersService,
    LinkTokens,
    EmailChanges,
    MailThrottle,
    UserManagement,
    Passwords,
    PasswordRules,
    PasswordResets,
    LastSeenRecorder,
    TwoFactorRepository,
    TwoFactorService,
    AuthenticationService,
    EndedSessions,
  ],
  exports: [
    AccountManagement,
    AccountsService,
    PlansService,
    UsersService,
    AbsentUsersRepository,
    UserManagement,
    EmailChanges,
    MailThrottle,
    PasswordResets,
    TwoFactorService,
    AuthenticationService,
    EndedSessions,
  ],
})
export class AccountsModule {}
