import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ConfigError, SETTINGS, type Settings } from '#lib/config';
import { QUEUES } from '../model';

/** The queues on Redis. */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: ({ redis }: Settings) => {
        if (!redis)
          throw new ConfigError('FLEXMEASURES_REDIS_URL', 'a worker needs a Redis server to take jobs from');
        return { redis };
      },
    }),
    BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
  ],
  exports: [BullModule],
})
export class RedisQueuesModule {}
