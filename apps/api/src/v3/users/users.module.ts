import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { DeviceTokensModule } from '#lib/device-tokens';
import { DeviceTokensController } from './device-tokens.controller';
import { UsersController } from './users.controller';

/** HTTP endpoints of users. */
@Module({
  imports: [AccountsModule, DeviceTokensModule],
  controllers: [UsersController, DeviceTokensController],
})
export class UsersApiModule {}
