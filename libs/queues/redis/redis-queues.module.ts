import { BullModule } from '@nestjs/bull';
import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigError, SETTINGS, type RedisSettings, type Settings } from '#lib/config';
import { JobHousekeeping } from '../job-housekeeping';
import { JobsModule } from '../jobs.module';
import { LEASE_MS, QUEUES } from '../model';
import { BullCarrier } from './bull-carrier';
import { BullWorker, WORKER_OPTIONS, type WorkerOptions } from './bull-worker';
import { LostJobs } from './lost-jobs';
import { RedisQueues } from './redis-queues';

/** A worker that died is noticed as soon in Redis as in the database. */
const BULL_SETTINGS = {
  lockDuration: LEASE_MS,
  lockRenewTime: Math.round(LEASE_MS / 3),
  stalledInterval: Math.round(LEASE_MS / 3),
  // The database counts how often a job was begun.
  maxStalledCount: 1000,
};

/** The queues on Redis. */
@Module({
  imports: [
    JobsModule,
    BullModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: ({ redis }: Settings) => {
        if (!redis)
          throw new ConfigError('FLEXMEASURES_REDIS_URL', 'a worker needs a Redis server to take jobs from');
        return { redis: connection(redis), settings: BULL_SETTINGS };
      },
    }),
    BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
  ],
  providers: [RedisQueues],
  exports: [RedisQueues],
})
export class RedisQueuesModule {}

/** Hands jobs over to workers. */
@Module({
  imports: [RedisQueuesModule],
  providers: [BullCarrier, JobHousekeeping],
  exports: [RedisQueuesModule],
})
export class RedisJobsModule {}

/** Takes jobs from Redis and does them. */
@Module({})
export class RedisWorkerModule {
  static for(options: WorkerOptions): DynamicModule {
    return {
      module: RedisWorkerModule,
      imports: [RedisQueuesModule],
      providers: [{ provide: WORKER_OPTIONS, useValue: options }, BullWorker, LostJobs, JobHousekeeping],
      exports: [BullWorker],
    };
  }
}

/** Commands wait for a Redis that is away, and connections come back. */
const connection = (redis: RedisSettings) => ({
  ...redis,
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(200 * times, 2000),
});
