import { DAY_MS, formatInstant, HOUR_MS, MINUTE_MS, SECOND_MS } from '#lib/time';
import type { Sensor } from './sensor.entity';

/** A sensor in a log line, in the form of the Python version: `<Sensor 2: charging, unit: MW res.: 0:15:00>`. */
export const describeSensor = ({
  id,
  name,
  unit,
  eventResolutionMs,
}: Pick<Sensor, 'id' | 'name' | 'unit' | 'eventResolutionMs'>): string =>
  `<Sensor ${id}: ${name}, unit: ${unit} res.: ${describeDuration(eventResolutionMs)}>`;

/** A period in a log line: `from 2022-07-06 07:00:00+01:00 to 2022-07-06 19:00:00+01:00`. */
export const describePeriod = (startMs: number, endMs: number, timezone: string): string =>
  `from ${describeTime(startMs, timezone)} to ${describeTime(endMs, timezone)}`;

const describeTime = (ms: number, timezone: string): string => formatInstant(ms, timezone).replace('T', ' ');

/** `0:15:00`, `1 day, 0:00:00` or `2 days, 1:30:00`. */
export function describeDuration(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS);
  const [minutes, seconds] = [(ms % HOUR_MS) / MINUTE_MS, (ms % MINUTE_MS) / SECOND_MS].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  const daysText = days === 0 ? '' : `${days} ${days === 1 ? 'day' : 'days'}, `;
  return `${daysText}${hours}:${minutes}:${seconds}`;
}
