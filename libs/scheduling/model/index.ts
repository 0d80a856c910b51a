export {
  checkSchedule,
  type ScheduleCheck,
  type ScheduleRule,
  type Violation,
} from './storage/check-schedule';
export type { Conflict, ConflictingLimit, ConstraintName } from './conflicts/conflict';
export { readCustomPower } from './problem/custom-power';
export { type FilledPrices, fillPrices } from './problem/fill-prices';
export { priceSlope } from './problem/price-slope';
export { roundPower } from './storage/read-back';
export { type ScheduleCost, scheduleCost } from './problem/schedule-cost';
export { scheduleStorage } from './storage/schedule-storage';
export { givenSchedule } from './site/problem/given-schedule';
export { holdToAccount } from './site/evaluate/hold-to-account';
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
export { type ConflictClock, tellConflict, tellConflicts } from './conflicts/tell-conflict';
export type { SiteViolation } from './site/evaluate/check-site';
export { type Series, simulateStock } from './problem/stock';
export type {
  ScheduleMethod,
  ScheduleOptions,
  ScheduleResult,
  SocTarget,
  StorageProblem,
} from './problem/storage-problem';
