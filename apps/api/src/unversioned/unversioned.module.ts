import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AuthModule } from '../http/auth/auth.module';
import { RequestAuthTokenController } from './request-auth-token/request-auth-token.controller';
import { VersionsController } from './versions/versions.controller';

/** Operations at the root of the API, outside its versions. */
@Module({
  imports: [AccountsModule, AuthModule],
  controllers: [RequestAuthTokenController, VersionsController],
})
export class UnversionedApiModule {}
