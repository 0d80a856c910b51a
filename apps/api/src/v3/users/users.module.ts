import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { OwnAddress } from '../../http/server/own-address';
import { UsersController } from './users.controller';

/** Users over HTTP. */
@Module({ imports: [AccountsModule], controllers: [UsersController], providers: [OwnAddress] })
export class UsersApiModule {}
