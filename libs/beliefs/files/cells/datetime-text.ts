import { quoted } from '#lib/errors';
import { MAX_TIME_LENGTH } from '#lib/time';
import { civilDayMs, timeOfDayMs } from './civil-time';
import { replaceZoneName } from './zone-names';

/** Order of day and month in the numeric dates of a file. It is determined once and then kept. */
export interface DateOrder {
  dayFirst: boolean | undefined;
  /** Advice at the end of the message about dates with an ambiguous order. */
  remedy: string;
  /** How the first date with a year of two digits was read. */
  shortYear?: { text: string; date: string };
}

/** A datetime, as the local time if it has no offset. */
export interface DateTimeFound {
  /** Epoch ms if aware, else the local time, as if it were UTC. */
  ms: number;
  isAware: boolean;
}

const TIME =
  String.raw`(?:[T ,]\s*(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?` +
  String.raw`(?:\s?(?<half>[AP])\.?M\.?)?)?`;
const ZONE = String.raw`(?:\s?(?<zone>Z|UTC|GMT|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?`;
const YEAR = String.raw`(?<year>\d{4}|\d{2})`;
const FORMS = [
  // 2024-5-1 7:00, 2024/05/01, 2024.05.01, and ISO with a blank before the zone or its name
  new RegExp(String.raw`^(?<year>\d{4})([-/.])(?<month>\d{1,2})\2(?<day>\d{1,2})${TIME}${ZONE}$`, 'i'),
  // 20240501, 20240501T0700Z, 20240501:0700
  new RegExp(
    String.raw`^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:[T :]?(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?)?${ZONE}$`,
    'i',
  ),
  // 2024050107, but not seconds since 1970
  new RegExp(
    String.raw`^(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<day>\d{2})[T :]?(?<hour>\d{2})${ZONE}$`,
    'i',
  ),
  // 01.05.2024, 01.05.24: day first wherever dots are used
  new RegExp(String.raw`^(?<day>\d{1,2})\.(?<month>\d{1,2})\.${YEAR}${TIME}${ZONE}$`, 'i'),
  // 01-Feb-2024, 1 February 2024
  new RegExp(String.raw`^(?<day>\d{1,2})[-/. ](?<name>[a-z]{3,9})[-/. ]${YEAR}${TIME}${ZONE}$`, 'i'),
  // Feb 1 2024, February 1, 2024
  new RegExp(String.raw`^(?<name>[a-z]{3,9}) (?<day>\d{1,2}),? (?<year>\d{4})${TIME}${ZONE}$`, 'i'),
];
const DAY_AND_MONTH = new RegExp(
  String.raw`^(?<one>\d{1,2})([/-])(?<two>\d{1,2})\2${YEAR}${TIME}${ZONE}$`,
  'i',
);
const TIME_ALONE = /^\d{1,2}:\d{2}(?::\d{2})?$/;
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
/** Years of two digits are those from 1969 to 2068, as in POSIX. */
const FIRST_SHORT_YEAR = 69;
/** Shortest datetime before the slash of an ISO 8601 interval: 2024-05-01T07:00. */
const MIN_INTERVAL_START = 16;

/**
 * Parses the datetime formats of spreadsheets and older systems. Of an interval (`start - end`, `start/end`) it gives the
 * start.
 * The order of day and month is determined by the first date with a number above 12, such as 31/12/2024, and applies to the
 * whole file. A date before that with an ambiguous order is rejected: guessing could store data at the wrong time.
 *
 * @returns the datetime, or the reason why the text is invalid
 */
export function readOtherDateTime(text: string, order: DateOrder): DateTimeFound | string {
  if (text.length > MAX_TIME_LENGTH)
    return `${quoted(text)} is not a datetime: it is longer than ${MAX_TIME_LENGTH} characters`;
  const interval = splitInterval(text);
  if (!interval) return readSingle(text, order);
  const [start, end] = interval;
  const found = readSingle(start, order);
  if (typeof found === 'string' || TIME_ALONE.test(end)) return found;
  const foundEnd = readSingle(end, order);
  return typeof foundEnd === 'string' ? foundEnd : found;
}

function splitInterval(text: string): [string, string] | undefined {
  const dash = text.indexOf(' - ');
  if (dash > 0) return [text.slice(0, dash).trimEnd(), text.slice(dash + 3).trimStart()];
  const slash = text.indexOf('/', MIN_INTERVAL_START);
  return slash > 0 ? [text.slice(0, slash), text.slice(slash + 1)] : undefined;
}

function readSingle(text: string, order: DateOrder): DateTimeFound | string {
  const plain = replaceZoneName(text);
  for (const form of FORMS) {
    const parts = form.exec(plain)?.groups;
    if (parts) return toDateTime(text, parts, monthOf(parts), Number(parts.day), order);
  }
  const parts = DAY_AND_MONTH.exec(plain)?.groups;
  if (!parts) return `${quoted(text)} is not a datetime`;
  const one = Number(parts.one);
  const two = Number(parts.two);
  const dayFirst = one === two ? true : one > 12 ? true : two > 12 ? false : order.dayFirst;
  if (dayFirst === undefined) {
    return `${quoted(text)} could have its day or its month first: ${order.remedy}`;
  }
  if (one !== two) {
    if (order.dayFirst !== undefined && order.dayFirst !== dayFirst) {
      return `${quoted(text)} has its ${dayFirst ? 'day' : 'month'} first, unlike other dates`;
    }
    order.dayFirst = dayFirst;
  }
  return dayFirst ? toDateTime(text, parts, two, one, order) : toDateTime(text, parts, one, two, order);
}

type Parts = Record<string, string | undefined>;

function monthOf({ month, name }: Parts): number {
  return name === undefined ? Number(month) : monthNumber(name);
}

/** The number of an English month name or its abbreviation; NaN for other words. */
export function monthNumber(name: string): number {
  const found = MONTHS.findIndex((month) => month.startsWith(name.toLowerCase()));
  return found < 0 || name.length < 3 ? NaN : found + 1;
}

/** The year of two or four digits. */
export function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year + (year < FIRST_SHORT_YEAR ? 2000 : 1900);
}

function toDateTime(
  text: string,
  parts: Parts,
  month: number,
  day: number,
  order: DateOrder,
): DateTimeFound | string {
  const digits = parts.year ?? '';
  const dayMs = civilDayMs(fullYear(digits), month, day);
  const timeMs = timeOfDayMs(parseHour(parts), Number(parts.minute ?? 0), Number(parts.second ?? 0));
  const fractionMs = Number((parts.fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const ms = dayMs + timeMs + fractionMs - offsetMs(parts.zone);
  if (Number.isNaN(ms)) return `${quoted(text)} is not a date and time that exists`;
  if (digits.length === 2) order.shortYear ??= { text, date: new Date(dayMs).toISOString().slice(0, 10) };
  return { ms, isAware: !!parts.zone };
}

function parseHour({ hour, half }: Parts): number {
  const clockHour = Number(hour ?? 0);
  if (!half) return clockHour;
  return hourOfHalf(clockHour, half);
}

/** The hour of the day of an hour on a 12-hour clock, in the half `AM` or `PM`. */
export function hourOfHalf(clockHour: number, half: string): number {
  if (clockHour < 1 || clockHour > 12) return NaN;
  return (clockHour % 12) + (half.toUpperCase().startsWith('P') ? 12 : 0);
}

/** Offset from UTC in ms of a zone such as `+02:00`; 0 for `Z` and names. */
export function offsetMs(zone: string | undefined): number {
  if (!zone || !/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
