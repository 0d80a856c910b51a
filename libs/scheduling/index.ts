export { SCHEDULE_SITE, SCHEDULE_STORAGE } from './calculations';
export {
  ScheduleJobsService,
  sensorsBehind,
  type FinishedSchedule,
  type FinishedSiteSchedule,
  type ScheduleState,
} from './schedule-jobs.service';
export { toScheduleRequest, type DeviceWords, type SiteScheduleRequest } from './schedule-request';
export { customSchedulerOf } from './custom-schedulers';
export type { ConflictOfJob, KpisOfJob, LimitOfJob } from './schedule-report';
export { ScheduleStore, type SchedulerIdentity } from './schedule-store';
export { ScheduleJobHandler, type CommitmentOfJob, type ScheduleJobResult } from './schedule.job';
export { SchedulingModule } from './scheduling.module';
export { SiteSchedulingService, type StoredSiteSchedule } from './site-scheduling.service';
export { sensorsNamed, type NamedSensor } from './flex/sensors-named';
export { FLEX_CONTEXT_FIELDS, FLEX_MODEL_FIELDS } from './flex/vocabulary';
export type { CommitmentCost } from './model';
