import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '#lib/events';
import { MailModule } from '#lib/mail';
import { Account, AccountRole } from './account.entity';
import { AccountsRepository } from './accounts.repository';
import { AccountsService } from './accounts.service';
import { AuthenticationService } from './authentication.service';
import { EndedSession } from './ended-session.entity';
import { LastSeen } from './last-seen';
import { PasswordResets } from './password-resets.service';
import { Passwords } from './passwords';
import { Role, User } from './user.entity';
import { UserManagement } from './user-management.service';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Account, AccountRole, User, Role, EndedSession]),
    EventsModule,
    MailModule,
  ],
  providers: [
    AccountsRepository,
    AccountsService,
    UsersRepository,
    UsersService,
    UserManagement,
    Passwords,
    PasswordResets,
    LastSeen,
    AuthenticationService,
  ],
  exports: [AccountsService, UsersService, UserManagement, PasswordResets, AuthenticationService],
})
export class AccountsModule {}
