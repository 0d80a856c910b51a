import { Module, type DynamicModule } from '@nestjs/common';
import type { Settings } from '#lib/config';
import { FrameModule } from '../frame/frame.module';
import { JobPagesModule } from '../jobs/job-pages.module';
import { QUEUE_DASHBOARD } from './queue-dashboard';
import { TasksController } from './tasks.controller';

/** Pages about queues and jobs. */
@Module({ imports: [FrameModule, JobPagesModule], controllers: [TasksController] })
export class TasksModule {}

/** Adds the dashboard of the queues in Redis, and loads it only if Redis is configured. */
export async function tasksModule({ redis }: Settings): Promise<DynamicModule> {
  if (!redis) return { module: TasksModule };
  const [{ RedisQueuesModule }, { BullDashboard }] = await Promise.all([
    import('#lib/queues/redis'),
    import('./bull-dashboard.js'),
  ]);
  return {
    module: TasksModule,
    imports: [RedisQueuesModule],
    providers: [{ provide: QUEUE_DASHBOARD, useClass: BullDashboard }],
  };
}
