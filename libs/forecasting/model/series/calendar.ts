import { DAY_MS, MINUTE_MS, ZoneClock } from '#lib/time';
import type { ForecastData } from './series';

/** Local times of the steps of a series. */
export interface Calendar {
  /** Time of day as a fraction of the day, in [0, 1). */
  dayPart: Float64Array;
  /** 0 is Monday; holidays count as Sundays. */
  weekday: Uint8Array;
  /** UTC offset in steps, 0 for series in local time. It may be a fraction for long steps. */
  offsetSteps: Float64Array;
}

const SUNDAY = 6;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** Local times of the first `length` steps of a series. */
export function buildCalendar({ series, zone, holidays }: ForecastData, length: number): Calendar {
  const clock = new ZoneClock(zone);
  const { startMs, stepMs, localZone } = series;
  const calendar = {
    dayPart: new Float64Array(length),
    weekday: new Uint8Array(length),
    offsetSteps: new Float64Array(length),
  };
  for (let i = 0; i < length; i++) {
    const gridMs = startMs + i * stepMs;
    const offsetMs = localZone === undefined ? clock.offsetMsAt(gridMs) : 0;
    const localMs = gridMs + offsetMs;
    const day = Math.floor(localMs / DAY_MS);
    calendar.dayPart[i] = (localMs - day * DAY_MS) / DAY_MS;
    calendar.weekday[i] = holidays?.has(day) ? SUNDAY : (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
    calendar.offsetSteps[i] = offsetMs / Math.max(stepMs, MINUTE_MS);
  }
  return calendar;
}

/**
 * The step at the same local time, some periods before the target. After a clock change this step may be later than the
 * last known step (`last`); then one more period before.
 */
export function stepAtSameLocalTime(
  { offsetSteps }: Pick<Calendar, 'offsetSteps'>,
  target: number,
  steps: { periods: number; period: number; last: number },
): number {
  const there = target - steps.periods * steps.period;
  const shift = Math.round((offsetSteps[target] ?? 0) - (offsetSteps[Math.max(0, there)] ?? 0));
  const at = there + shift;
  return at <= steps.last ? at : at - steps.period;
}
