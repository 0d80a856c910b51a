export type { Quantity, StorageFlexModel } from './flex-model';
export { SchedulingModule } from './scheduling.module';
export type { FlexContext, StorageScheduleRequest } from './storage-inputs';
export { StorageSchedulingService, type StoredSchedule } from './storage-scheduling.service';
