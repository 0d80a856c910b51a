import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { ServerUrl } from '../../http/server/server-url';
import { UsersController } from './users.controller';

/** HTTP endpoints of users. */
@Module({ imports: [AccountsModule], controllers: [UsersController], providers: [ServerUrl] })
export class UsersApiModule {}
