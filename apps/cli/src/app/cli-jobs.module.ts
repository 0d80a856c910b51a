import { Module } from '@nestjs/common';
import { readSettings } from '#lib/config';
import { CliModule } from './cli.module';

/** The services of all domains for commands that queue jobs: jobs go to workers where Redis is configured. */
@Module({
  imports: [
    CliModule,
    ...(readSettings().redis
      ? [import('#lib/queues/redis').then(({ RedisJobsModule }) => ({ module: RedisJobsModule }))]
      : []),
  ],
})
export class CliJobsModule {}
