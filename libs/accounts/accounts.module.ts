import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Account, AccountRole } from './account.entity';
import { AccountsRepository } from './accounts.repository';
import { AccountsService } from './accounts.service';
import { AuthenticationService } from './authentication.service';
import { Passwords } from './passwords';
import { Role, User } from './user.entity';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

@Module({
  imports: [TypeOrmModule.forFeature([Account, AccountRole, User, Role])],
  providers: [
    AccountsRepository,
    AccountsService,
    UsersRepository,
    UsersService,
    Passwords,
    AuthenticationService,
  ],
  exports: [AccountsService, UsersService, AuthenticationService],
})
export class AccountsModule {}
