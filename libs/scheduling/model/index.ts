export { checkSchedule, type ScheduleCheck, type ScheduleRule, type Violation } from './check-schedule';
export type { Conflict, ConflictingLimit, ConstraintName } from './conflict';
export { readCustomPower } from './custom-power';
export { type FilledPrices, fillPrices } from './fill-prices';
export { ontoSteps } from './onto-steps';
export { priceSlope } from './price-slope';
export { roundPower } from './read-back';
export { type ScheduleCost, scheduleCost } from './schedule-cost';
export { scheduleStorage } from './schedule-storage';
export { givenSchedule } from './site/given-schedule';
export { holdToAccount } from './site/hold-to-account';
export { type SiteKpis, siteKpis, type StorageKpis } from './site/site-kpis';
export { scheduleSequentially } from './site/schedule-sequentially';
export { scheduleSite } from './site/schedule-site';
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
} from './site/site-problem';
export { type ConflictClock, tellConflict, tellConflicts } from './tell-conflict';
export type { SiteViolation } from './site/check-site';
export { type Series, simulateStock } from './stock';
export type {
  ScheduleMethod,
  ScheduleOptions,
  ScheduleResult,
  SocTarget,
  StorageProblem,
} from './storage-problem';
