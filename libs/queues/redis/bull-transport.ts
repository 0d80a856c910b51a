import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { JobsService, type JobTransport } from '../jobs.service';
import { RedisQueues, type RedisJob } from './redis-queues';

/** Maximum time to wait for Redis. Otherwise, a worker finds the job in the database. */
const REDIS_TIMEOUT_MS = 1000;

/** Sends jobs to workers through Redis. */
@Injectable()
export class BullTransport implements JobTransport, OnModuleInit {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly service: JobsService,
    private readonly queues: RedisQueues,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'redis'>,
  ) {}

  onModuleInit(): void {
    this.service.setTransport(this);
  }

  get description(): string {
    const { host, port } = this.settings.redis ?? {};
    return `Jobs are sent to workers through Redis at ${host}:${port}.`;
  }

  send(job: RedisJob): Promise<void> {
    return this.withTimeout(
      this.queues.add(job),
      `Job ${job.id} was not added to Redis; a worker will find it later`,
    );
  }

  clear(queue: string): Promise<void> {
    return this.withTimeout(
      this.queues.get(queue).empty(),
      `Queue ${queue} was not cleared in Redis; workers will skip its jobs later`,
    );
  }

  removeFailed(queue: string): Promise<void> {
    return this.withTimeout(
      this.queues.get(queue).clean(0, 'failed'),
      'Failed jobs were not removed from Redis; Redis will remove them later',
    );
  }

  private async withTimeout(work: Promise<unknown>, warning: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Redis did not answer in time')), REDIS_TIMEOUT_MS);
    });
    await Promise.race([work, timeout])
      .catch((error: unknown) => this.logger.warn(`${warning}: ${errorMessage(error)}`))
      .finally(() => clearTimeout(timer));
    // Ignore failures after the timeout.
    work.catch(() => undefined);
  }
}
