export { CLOCK, sleepBy, SystemClock } from './clock';
export type { Clock, ClockTimer } from './clock';
export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from './clock-units';
export { MAX_TIME_LENGTH } from './text-length';
export { TimeError } from './time-error';
export type { TimeErrorCode } from './time-error';
export { formatInstant, normaliseInstant, parseInstant } from './instant';
export { addDays, dateAt, startOfDate, startOfDay } from './days';
export { assertTimeZone, isTimeZone } from './zone';
export { PeriodicTask } from './periodic-task';
export { ZoneClock } from './zone-clock';
export type { LocalTime } from './zone-clock';
export {
  addDuration,
  durationToMs,
  formatDuration,
  isNominal,
  parseDuration,
  parseDurationMs,
} from './duration';
export type { Duration } from './duration';
export { eventEnds } from './event-ends';
export {
  ceilToStep,
  countEventsIn,
  eventDuration,
  eventStartAfter,
  eventStarts,
  exactBins,
  floorToStep,
  isNearStep,
  isOnStep,
  mostRecentClockWindow,
  nominalBins,
  nominalBinsInSteps,
  snapToStep,
} from './grid';
export type { Bins } from './grid';
