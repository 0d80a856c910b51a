export type { Conflict, ConflictingLimit, ConstraintName } from './conflicts/conflict';
export { describeConflict, describeConflicts, type ConflictFormat } from './conflicts/describe-conflict';
export { describeLimit } from './conflicts/describe-limit';
export { readCustomPower } from './problem/custom-power';
export { type FilledPrices, fillPrices } from './problem/fill-prices';
export { roundPower } from './problem/round-power';
export type { SocTarget } from './problem/storage-problem';
export { checkSchedule, type ScheduleRule, type Violation } from './site/evaluate/check-schedule';
export { type SiteCosts, siteCosts } from './site/evaluate/site-costs';
export { type LimitReport, reportLimits } from './site/evaluate/limit-report';
export { type SiteKpis, siteKpis, type StorageKpis } from './site/evaluate/site-kpis';
export { unmanagedPowers } from './site/evaluate/unmanaged-powers';
export { validateSchedule } from './site/evaluate/validate-schedule';
export { powerOfCommodity } from './site/problem/meters';
export { wrapCustomSchedule } from './site/problem/custom-schedule';
export type {
  BreachPrice,
  Capacities,
  Capacity,
  Commitment,
  CommitmentCost,
  Commodity,
  Connection,
  Coupling,
  CurtailableDevice,
  DeviceGroup,
  DeviceSchedule,
  FlexibleDevice,
  OperationMode,
  Peak,
  ProcessDevice,
  ProcessType,
  SharedStock,
  SiteDevice,
  SiteProblem,
  SiteSchedule,
  Stock,
  StockLink,
  StorageDevice,
} from './site/problem/site-problem';
export { scheduleSequentially } from './site/solve/schedule-sequentially';
export { scheduleSite } from './site/solve/schedule-site';
