export { SCHEDULE_SITE } from './schedules/calculations';
export {
  couldReadAll,
  ScheduleJobsService,
  sensorsBehind,
  type FinishedSchedule,
  type FinishedSiteSchedule,
  type ScheduleState,
} from './jobs/schedule-jobs.service';
export {
  toScheduleRequest,
  type DeviceFlexModel,
  type SiteScheduleRequest,
} from './requests/schedule-request';
export { customSchedulerOf } from './custom/custom-schedulers';
export type { ConflictOfJob, KpisOfJob, LimitOfJob } from './schedules/schedule-report';
export { ScheduleStore, type SchedulerIdentity } from './store/schedule-store';
export { parseScheduleJob, SCHEDULE_JOB, type ScheduleJob } from './requests/schedule-job';
export { ScheduleJobHandler, type CommitmentOfJob, type ScheduleJobResult } from './jobs/schedule.job';
export { SchedulingModule } from './scheduling.module';
export { SiteSchedulingService, type StoredSiteSchedule } from './schedules/site-scheduling.service';
export { findSensorReferences, type FlexSensorReference } from './model/flex/sensor-references';
export {
  FLEX_FIELDS,
  type FlexField,
  type FlexGroup,
  isSensorId,
  takesSensor,
  type ValueType,
} from './model/flex/fields';
export type { CommitmentCost } from './model';
