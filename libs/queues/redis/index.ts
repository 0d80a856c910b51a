export { RedisQueuesModule } from './redis-queues.module';
