import { DAY_MS, MINUTE_MS, ZoneClock } from '#lib/time';
import type { ForecastData } from './series';

/** Local time of steps. */
export interface Calendar {
  /** Part of the day gone by, in [0, 1). */
  dayPart: Float64Array;
  /** 0 is Monday; holidays count as Sundays. */
  weekday: Uint8Array;
  /** Offset from UTC in steps; not whole where steps are longer than the offset's unit. */
  offsetSteps: Float64Array;
}

const SUNDAY = 6;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** Local times of the first `length` steps of a series. */
export function calendarOf({ series, zone, holidays }: ForecastData, length: number): Calendar {
  const clock = new ZoneClock(zone);
  const { startMs, stepMs } = series;
  const calendar = {
    dayPart: new Float64Array(length),
    weekday: new Uint8Array(length),
    offsetSteps: new Float64Array(length),
  };
  for (let i = 0; i < length; i++) {
    const instantMs = startMs + i * stepMs;
    const offsetMs = clock.offsetMsAt(instantMs);
    const localMs = instantMs + offsetMs;
    const day = Math.floor(localMs / DAY_MS);
    calendar.dayPart[i] = (localMs - day * DAY_MS) / DAY_MS;
    calendar.weekday[i] = holidays?.has(day) ? SUNDAY : (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
    calendar.offsetSteps[i] = offsetMs / Math.max(stepMs, MINUTE_MS);
  }
  return calendar;
}
