import type { DynamicModule, Type } from '@nestjs/common';
import type { Settings } from '#lib/config';
import { EmbeddedJobsModule } from '#lib/queues';

/** Who does the jobs: this process, or workers where Redis is configured; only then is its client loaded. */
export const jobsDriver = ({ redis }: Settings): Type | Promise<DynamicModule> =>
  redis
    ? import('#lib/queues/redis').then(({ RedisJobsModule }) => ({ module: RedisJobsModule }))
    : EmbeddedJobsModule;
