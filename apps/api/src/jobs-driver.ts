import type { DynamicModule, Type } from '@nestjs/common';
import type { Settings } from '#lib/config';
import { EmbeddedJobsModule } from '#lib/queues';

/** Runs jobs in this process, or in workers if Redis is configured. Loads the Redis client only if it is needed. */
export const jobsDriver = ({ redis }: Settings): Type | Promise<DynamicModule> =>
  redis
    ? import('#lib/queues/redis').then(({ RedisJobsModule }) => ({ module: RedisJobsModule }))
    : EmbeddedJobsModule;
