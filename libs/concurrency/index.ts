export { FairSemaphore, QueueFullError, type SemaphoreLimits } from './fair-semaphore';
