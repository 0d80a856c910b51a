export { BullWorker, type WorkerOptions } from './bull-worker';
export { RedisQueues } from './redis-queues';
export { RedisJobsModule, RedisQueuesModule, RedisWorkerModule } from './redis-queues.module';
