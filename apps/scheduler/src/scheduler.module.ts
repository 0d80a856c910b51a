import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefPartitionsModule, BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { RedisQueuesModule } from '#lib/queues/redis';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { SolverThreadsModule } from '#lib/solver';
import { SchedulingConsumer } from './scheduling.consumer';

@Module({
  imports: [
    ConfigModule.forRoot(readSettings()),
    DatabaseModule.forRoot(),
    RedisQueuesModule,
    AccountsModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    BeliefPartitionsModule,
    SolverThreadsModule,
    SchedulingModule,
  ],
  providers: [SchedulingConsumer],
})
export class SchedulerModule {}
