export { FairSemaphore, QueueFullError, type SemaphoreLimits } from './fair-semaphore';
export { runAtOnce, runInSlices, TimeSlice, type Pausable } from './time-slices';
