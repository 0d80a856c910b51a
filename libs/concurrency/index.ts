export { FairSemaphore, QueueFullError, type SemaphoreLimits } from './fair-semaphore';
export { settleWithin } from './time-limit';
export { runAtOnce, runInSlices, TimeSlice, type Pausable } from './time-slices';
