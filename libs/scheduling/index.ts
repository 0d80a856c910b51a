export { SCHEDULE_STORAGE } from './calculations';
export { ScheduleJobsService, type FinishedSchedule, type ScheduleState } from './schedule-jobs.service';
export type { Quantity, StorageFlexModel } from './flex-model';
export { SchedulingModule } from './scheduling.module';
export type { FlexContext, StorageScheduleRequest } from './storage-inputs';
export { ScheduleStore, type SchedulerIdentity } from './schedule-store';
export { StorageScheduleJobHandler, toRequest, type StorageScheduleJobResult } from './storage-schedule.job';
export { StorageSchedulingService, type StoredSchedule } from './storage-scheduling.service';
