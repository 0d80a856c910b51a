import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AccountsController } from './accounts.controller';

/** HTTP endpoints of accounts. */
@Module({ imports: [AccountsModule], controllers: [AccountsController] })
export class AccountsApiModule {}
