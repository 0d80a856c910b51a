export {
  checkStorage,
  type ScheduleCheck,
  type ScheduleRule,
  type StorageViolation,
} from './storage/check-schedule';
export type { Conflict, ConflictingLimit, ConstraintName } from './conflicts/conflict';
export { readCustomPower } from './problem/custom-power';
export { type FilledPrices, fillPrices } from './problem/fill-prices';
export { resamplePower } from './problem/resample-power';
export { priceSlope } from './problem/price-slope';
export { roundPower } from './storage/path-power';
export { type ScheduleCost, scheduleCost } from './problem/energy-cost';
export { scheduleStorage } from './storage/schedule-storage';
export { wrapCustomSchedule } from './site/problem/custom-schedule';
export { validateSchedule } from './site/evaluate/validate-schedule';
export { type SiteKpis, siteKpis, type StorageKpis } from './site/evaluate/site-kpis';
export { scheduleSequentially } from './site/solve/schedule-sequentially';
export { scheduleSite } from './site/solve/schedule-site';
export type {
  BreachPrice,
  Capacity,
  CommitmentCost,
  CurtailableDevice,
  DeviceSchedule,
  Peak,
  ProcessDevice,
  ProcessType,
  SiteDevice,
  SiteProblem,
  SiteSchedule,
  StorageDevice,
} from './site/problem/site-problem';
export { type StepTimeFormat, describeConflict, describeConflicts } from './conflicts/describe-conflict';
export type { Violation } from './site/evaluate/check-schedule';
export { type Series, simulateStock } from './problem/stock';
export type {
  ScheduleMethod,
  ScheduleOptions,
  ScheduleResult,
  SocTarget,
  StorageProblem,
} from './problem/storage-problem';
