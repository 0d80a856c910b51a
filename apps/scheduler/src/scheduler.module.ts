import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { AuditModule } from '#lib/audit';
import { BeliefPartitionsModule, BeliefsModule } from '#lib/beliefs';
import { SolverThreadsModule } from '#lib/compute';
import { ConfigModule } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule } from '#lib/events';
import { ForecastingModule } from '#lib/forecasting';
import { PluginsModule, type Host } from '#lib/plugins';
import { RedisWorkerModule, type WorkerOptions } from '#lib/queues/redis';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';

/** A worker with the domains whose jobs it runs. */
@Module({
  imports: [
    DatabaseModule.forRoot(),
    EventDeliveryModule,
    AccountsModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    BeliefPartitionsModule,
    SolverThreadsModule,
    ForecastingModule,
    SchedulingModule,
    AuditModule,
  ],
})
export class SchedulerModule {
  /** @param options the queues and the name of the worker */
  static forRoot({ settings, plugins }: Host, options: WorkerOptions): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [ConfigModule.forRoot(settings), PluginsModule.for(plugins), RedisWorkerModule.for(options)],
    };
  }
}
