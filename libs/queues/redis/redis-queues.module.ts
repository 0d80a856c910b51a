import { BullModule } from '@nestjs/bull';
import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigError, SETTINGS, type RedisSettings, type Settings } from '#lib/config';
import { JobHousekeeping } from '../job-housekeeping';
import { JobsModule } from '../jobs.module';
import { LEASE_MS, QUEUES } from '../model';
import { BullTransport } from './bull-transport';
import { BullWorker, WORKER_OPTIONS, type WorkerOptions } from './bull-worker';
import { JobReconciler } from './job-reconciler';
import { RedisQueues } from './redis-queues';

/** Bull detects a dead worker after the same time as the lease in the database. */
const BULL_SETTINGS = {
  lockDuration: LEASE_MS,
  lockRenewTime: Math.round(LEASE_MS / 3),
  stalledInterval: Math.round(LEASE_MS / 3),
  // The database limits the attempts.
  maxStalledCount: 1000,
};

/** The Bull queues on Redis. */
@Module({
  imports: [
    JobsModule,
    BullModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: ({ redis }: Settings) => {
        if (!redis) throw new ConfigError('FLEXMEASURES_REDIS_URL', 'a worker needs a Redis server');
        return { redis: toConnectionOptions(redis), settings: BULL_SETTINGS };
      },
    }),
    BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
  ],
  providers: [RedisQueues],
  exports: [RedisQueues],
})
export class RedisQueuesModule {}

/** Sends jobs to workers through Redis. */
@Module({
  imports: [RedisQueuesModule],
  providers: [BullTransport, JobHousekeeping],
  exports: [RedisQueuesModule],
})
export class RedisJobsModule {}

/** Takes jobs from Redis and runs them. */
@Module({})
export class RedisWorkerModule {
  static for(options: WorkerOptions): DynamicModule {
    return {
      module: RedisWorkerModule,
      imports: [RedisQueuesModule],
      providers: [{ provide: WORKER_OPTIONS, useValue: options }, BullWorker, JobReconciler, JobHousekeeping],
      exports: [BullWorker],
    };
  }
}

/** Connection options: while Redis is not available, commands wait and the connection is retried. */
const toConnectionOptions = (redis: RedisSettings) => ({
  ...redis,
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(200 * times, 2000),
});
