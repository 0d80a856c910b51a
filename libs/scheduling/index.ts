export { SCHEDULE_SITE } from './schedules/calculations';
export {
  type FinishedSchedule,
  FinishedSchedules,
  type FinishedSiteSchedule,
  type ScheduleState,
} from './jobs/finished-schedules';
export { couldReadAll, findJobSensors } from './jobs/job-sensors';
export { ScheduleJobsService } from './jobs/schedule-jobs.service';
export {
  toScheduleRequest,
  type FlexModelInput,
  type SiteScheduleRequest,
} from './requests/schedule-request';
export { signOfSensor } from './outputs/schedule-outputs';
export { findCustomScheduler } from './custom/custom-schedulers';
export type { JobConflict, JobKpis, JobLimit, JobWithoutFlexibility } from './schedules/schedule-report';
export { SCHEDULE_STORED } from './store/schedules.events';
export { ScheduleStore, type SchedulerIdentity } from './store/schedule-store';
export { parseScheduleJob, SCHEDULE_JOB, type ScheduleJob } from './requests/schedule-job';
export { ScheduleJobHandler, toScheduleJobResult, type ScheduleJobResult } from './jobs/schedule.job';
export type { JobCommitment, ScheduleOutcome } from './schedules/schedule-outcome';
export { SchedulePreviews, type SchedulePreview } from './schedules/schedule-previews.service';
export { SchedulingModule } from './scheduling.module';
export { SiteSchedulingService, type StoredSiteSchedule } from './schedules/site-scheduling.service';
export { findPowerSensor, sensorIdOf } from './model/flex/power-sensor';
export { findSensorReferences, type FlexSensorReference } from './model/flex/references/sensor-references';
export {
  FLEX_FIELDS,
  type FlexField,
  type FlexGroup,
  isInAttributes,
  isSensorId,
  takesSensor,
  type ValueType,
} from './model/flex/fields';
export type { CommitmentCost } from './model';
export { FlexibilityChecks, type StoredDescription } from './stored/flexibility-checks.service';
export {
  StoredFlexibility,
  type CompletedRequest,
  type SentRequest,
  type TriedFlexibility,
} from './stored/stored-flexibility.service';
export { pruneReferences, replaceReferences } from './model/flex/references/prune-references';
export { InheritedFlexibility, type InheritedFields } from './stored/inherited-flexibility.service';
