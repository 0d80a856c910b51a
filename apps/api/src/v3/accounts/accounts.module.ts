import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AccountsController } from './accounts.controller';

/** Accounts over HTTP. */
@Module({ imports: [AccountsModule], controllers: [AccountsController] })
export class AccountsApiModule {}
