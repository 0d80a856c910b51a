import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { JobsService, type JobCarrier } from '../jobs.service';
import { RedisQueues, type CarriedJob } from './redis-queues';
import { messageOf } from '../message-of';

/** How long to wait for Redis: a worker finds the job in the database if it does not come through. */
const PATIENCE_MS = 1000;

/** Brings jobs to workers through Redis. */
@Injectable()
export class BullCarrier implements JobCarrier, OnModuleInit {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly service: JobsService,
    private readonly queues: RedisQueues,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'redis'>,
  ) {}

  onModuleInit(): void {
    this.service.useCarrier(this);
  }

  get description(): string {
    const { host, port } = this.settings.redis ?? {};
    return `Jobs go to workers through Redis at ${host}:${port}.`;
  }

  carry(job: CarriedJob): Promise<void> {
    return this.patiently(this.queues.add(job), `Job ${job.id} reaches a worker later`);
  }

  clear(queue: string): Promise<void> {
    return this.patiently(this.queues.get(queue).empty(), `Workers drop the jobs of queue ${queue} later`);
  }

  forgetFailed(queue: string): Promise<void> {
    return this.patiently(this.queues.get(queue).clean(0, 'failed'), `Redis forgets failed jobs later`);
  }

  private async patiently(work: Promise<unknown>, otherwise: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer from Redis')), PATIENCE_MS);
    });
    await Promise.race([work, tooLate])
      .catch((error: unknown) => this.logger.warn(`${otherwise}: ${messageOf(error)}`))
      .finally(() => clearTimeout(timer));
    // What comes after the patience ended is nobody's concern any more.
    work.catch(() => undefined);
  }
}
