import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AuthModule } from '../http/auth/auth.module';
import { OpsController } from './ops/ops.controller';
import { TaskRunsService } from './ops/task-runs.service';
import { RequestAuthTokenController } from './request-auth-token/request-auth-token.controller';
import { VersionsController } from './versions/versions.controller';

/** Operations at the root of the API, outside its versions. */
@Module({
  imports: [AccountsModule, AuthModule],
  controllers: [OpsController, RequestAuthTokenController, VersionsController],
  providers: [TaskRunsService],
})
export class UnversionedApiModule {}
