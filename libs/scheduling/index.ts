export type { Quantity, StorageFlexModel } from './flex-model';
export { SchedulingModule } from './scheduling.module';
export type { FlexContext, StorageScheduleRequest } from './storage-inputs';
export { StorageScheduleJobHandler, type StorageScheduleJobResult } from './storage-schedule.job';
export { StorageSchedulingService, type StoredSchedule } from './storage-scheduling.service';
