import { DAY_MS, MINUTE_MS, ZoneClock } from '#lib/time';
import type { ForecastData } from './series';

/** Local time of steps. */
export interface Calendar {
  /** Part of the day gone by, in [0, 1). */
  dayPart: Float64Array;
  /** 0 is Monday; holidays count as Sundays. */
  weekday: Uint8Array;
  /** How far local time is from that of the steps, in steps; not whole where steps are longer than the offset's unit. */
  offsetSteps: Float64Array;
}

const SUNDAY = 6;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** Local times of the first `length` steps of a series. */
export function calendarOf({ series, zone, holidays }: ForecastData, length: number): Calendar {
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
 * The step at the same local time some periods before another. Where the clocks changed between, that can be later than
 * the `last` one that is known; then one period more.
 */
export function sameLocalTime(
  { offsetSteps }: Pick<Calendar, 'offsetSteps'>,
  target: number,
  steps: { periods: number; period: number; last: number },
): number {
  const there = target - steps.periods * steps.period;
  const shift = Math.round((offsetSteps[target] ?? 0) - (offsetSteps[Math.max(0, there)] ?? 0));
  const at = there + shift;
  return at <= steps.last ? at : at - steps.period;
}
