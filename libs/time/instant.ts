import { toDate } from 'date-fns-tz/toDate';
import { shown } from '#lib/errors';
import { MINUTE_MS } from './clock-units';
import { MAX_TIME_LENGTH, tooLong } from './text-length';
import { TimeError } from './time-error';
import { getClock } from './zone-clock';

const datePart = /^\d{4}-\d\d-\d\d/.source;
const timePart = /(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?/.source;
const aware = new RegExp(`${datePart}[T ]${timePart}(?:Z|[+-]\\d\\d(?::?\\d\\d)?)$`, 'i');
const naive = new RegExp(`${datePart}(?:[T ]${timePart})?$`, 'i');

/**
 * Datetimes that `Date.parse` reads like the library, in a tenth of the time: days that every month has, in the form of
 * ECMAScript, from the year 1000 on.
 */
const plain =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Parses an ISO 8601 datetime with an offset: `2022-03-04T07:00+01:00`, `+0100`, `+01` or `Z`. Seconds and their fraction
 * (truncated to milliseconds) are optional, and a space can replace the T.
 *
 * @returns epoch milliseconds
 * @throws TimeError NAIVE_DATETIME without an offset (a date alone too), INVALID_DATETIME for anything else
 */
export function parseInstant(text: string): number {
  if (text.length > MAX_TIME_LENGTH) throw invalid(text);
  if (plain.test(text)) return Date.parse(text);
  const trimmed = text.trim();
  const isNaive = naive.test(trimmed);
  if (!isNaive && !aware.test(trimmed)) throw invalid(text);
  const upper = trimmed.toUpperCase().replace(' ', 'T').replace(',', '.');
  const instantMs = toDate(isNaive ? `${upper.length === 10 ? `${upper}T00:00` : upper}Z` : upper).getTime();
  if (Number.isNaN(instantMs)) throw invalid(text);
  if (isNaive) {
    const advice = 'End it with an offset such as +01:00, or with Z for UTC.';
    throw new TimeError('NAIVE_DATETIME', `The datetime "${shown(text)}" has no time zone. ${advice}`);
  }
  return instantMs;
}

/**
 * Formats an instant with the offset of the zone: `2015-01-01T00:00:00+01:00`. Milliseconds are shown only if they are not
 * zero, and UTC is `+00:00`.
 *
 * ISO offsets are whole minutes: the seconds of offsets before about 1940 are added to the local time, so that the text still
 * is the same instant.
 *
 * @throws TimeError INVALID_TIMEZONE, or INVALID_DATETIME for a number that is no instant of the years 0 to 9999
 */
export function formatInstant(instantMs: number, zone: string): string {
  return formatWithOffset(instantMs, Math.round(getClock(zone).offsetMsAt(instantMs) / MINUTE_MS));
}

/**
 * Formats a datetime as `formatInstant` does, but keeps its offset: `2026-11-19T23:00Z` becomes
 * `2026-11-19T23:00:00+00:00`.
 *
 * @throws TimeError as `parseInstant`
 */
export function normaliseInstant(text: string): string {
  const instantMs = parseInstant(text);
  const [, sign, hours, minutes = '0'] = /([+-])(\d\d):?(\d\d)?$/.exec(text.trim()) ?? [];
  const offset = Number(hours ?? 0) * 60 + Number(minutes);
  return formatWithOffset(instantMs, sign === '-' ? -offset : offset);
}

function formatWithOffset(instantMs: number, offsetMinutes: number): string {
  const wallClock = new Date(instantMs + offsetMinutes * MINUTE_MS).toISOString();
  const size = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
  return wallClock.replace(/(?:\.000)?Z$/, offset);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function invalid(text: string): TimeError {
  return new TimeError(
    'INVALID_DATETIME',
    `"${shown(text)}" is not a valid ISO 8601 datetime.${tooLong(text)}`,
  );
}
