import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { ApiUsageModule } from '#lib/api-usage';
import { EventsModule } from '#lib/events';
import { AuthModule } from '../http/auth/auth.module';
import { MetricsAccess } from './metrics/metrics-access.service';
import { MetricsController } from './metrics/metrics.controller';
import { StateMetrics } from './metrics/state-metrics.service';
import { OpsController } from './ops/ops.controller';
import { TaskRunsService } from './ops/task-runs.service';
import { RequestAuthTokenController } from './request-auth-token/request-auth-token.controller';
import { VersionsController } from './versions/versions.controller';

/** Operations at the root of the API, outside its versions. */
@Module({
  imports: [AccountsModule, ApiUsageModule, AuthModule, EventsModule],
  controllers: [MetricsController, OpsController, RequestAuthTokenController, VersionsController],
  providers: [MetricsAccess, StateMetrics, TaskRunsService],
})
export class UnversionedApiModule {}
