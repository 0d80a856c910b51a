import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { DeviceTokensModule } from '#lib/device-tokens';
import { DeviceTokensController } from './device-tokens.controller';
import { TwoFactorController } from './two-factor.controller';
import { UsersController } from './users.controller';

/** HTTP endpoints of users. */
@Module({
  imports: [AccountsModule, DeviceTokensModule],
  controllers: [UsersController, DeviceTokensController, TwoFactorController],
})
export class UsersApiModule {}
