import { LRUCache } from 'lru-cache';
import { shown } from '#lib/errors';
import { MINUTE_MS, SECOND_MS } from './clock-units';
import { MAX_TIME_LENGTH } from './text-length';
import { TimeError } from './time-error';

/** Maximum size of caches. There are about 600 zones, but each can be spelled in many cases. */
export const MAX_CACHED_ZONES = 2_000;
const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: MAX_CACHED_ZONES });
const offsetPattern = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/**
 * Whether `name` is a time zone of the IANA database, such as `Europe/Amsterdam` or `UTC` (in any case). An offset
 * (`+01:00`) is not a time zone.
 */
export function isTimeZone(name: string): boolean {
  return findFormat(name) !== undefined;
}

/** Throws INVALID_TIMEZONE unless `name` is a time zone. */
export function assertTimeZone(name: string): void {
  getFormat(name);
}

/**
 * Offset of a zone from UTC at an instant, in milliseconds (east is positive). It uses Intl (about 2 microseconds); for many
 * values, use ZoneClock.
 *
 * Intl rather than date-fns-tz, whose getTimezoneOffset takes a wall clock instead of an instant.
 */
export function readOffsetMs(zone: string, instantMs: number): number {
  const match = offsetPattern.exec(getFormat(zone).format(instantMs));
  if (match?.[1] === undefined) return 0;
  const [, sign, hours, minutes, seconds = '0'] = match;
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -size : size;
}

function getFormat(zone: string): Intl.DateTimeFormat {
  const format = findFormat(zone);
  if (format === undefined)
    throw new TimeError('INVALID_TIMEZONE', `"${shown(zone)}" is not a known time zone.`);
  return format;
}

function findFormat(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined || zone.length > MAX_TIME_LENGTH || !/^[A-Za-z]/.test(zone)) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  formats.set(zone, format);
  return format;
}
