export * from './model';
export { QueuesModule } from './queues.module';
