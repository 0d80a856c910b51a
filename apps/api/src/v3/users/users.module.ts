import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { UsersController } from './users.controller';

/** HTTP endpoints of users. */
@Module({ imports: [AccountsModule], controllers: [UsersController] })
export class UsersApiModule {}
