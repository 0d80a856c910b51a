import { quoted } from '#lib/errors';
import { MAX_TIME_LENGTH } from '#lib/time';
import { civilDayMs, timeOfDayMs } from './civil-time';

/** Order of day and month in the numeric dates of a file. It is determined once and then kept. */
export interface DateOrder {
  dayFirst: boolean | undefined;
  /** Advice at the end of the message about dates with an ambiguous order. */
  remedy: string;
}

interface DateTimeFound {
  /** Epoch ms if aware, else the local time, as if it were UTC. */
  ms: number;
  isAware: boolean;
}

const TIME =
  String.raw`(?:[T ,]\s*(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?` +
  String.raw`(?:\s?(?<half>[AP])\.?M\.?)?)?`;
const ZONE = String.raw`(?:\s?(?<zone>Z|UTC|GMT|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?`;
const FORMS = [
  // 2024-5-1 7:00, 2024/05/01, 2024.05.01, and ISO with a blank before the zone or its name
  new RegExp(String.raw`^(?<year>\d{4})([-/.])(?<month>\d{1,2})\2(?<day>\d{1,2})${TIME}${ZONE}$`, 'i'),
  // 20240501, 20240501T0700Z
  new RegExp(
    String.raw`^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:[T ]?(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?)?${ZONE}$`,
    'i',
  ),
  // 01.05.2024: day first wherever dots are used
  new RegExp(String.raw`^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})${TIME}${ZONE}$`, 'i'),
];
const DAY_AND_MONTH = new RegExp(
  String.raw`^(?<one>\d{1,2})([/-])(?<two>\d{1,2})\2(?<year>\d{4})${TIME}${ZONE}$`,
  'i',
);

/**
 * Parses the datetime formats of spreadsheets and older systems.
 * The order of day and month is determined by the first date with a number above 12, such as 31/12/2024, and applies to the
 * whole file. A date before that with an ambiguous order is rejected: guessing could store data at the wrong time.
 *
 * @returns the datetime, or the reason why the text is invalid
 */
export function readOtherDateTime(text: string, order: DateOrder): DateTimeFound | string {
  if (text.length > MAX_TIME_LENGTH)
    return `${quoted(text)} is not a datetime: it is longer than ${MAX_TIME_LENGTH} characters`;
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups;
    if (parts) return toDateTime(text, parts, Number(parts.month), Number(parts.day));
  }
  const parts = DAY_AND_MONTH.exec(text)?.groups;
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
  return dayFirst ? toDateTime(text, parts, two, one) : toDateTime(text, parts, one, two);
}

type Parts = Record<string, string | undefined>;

function toDateTime(text: string, parts: Parts, month: number, day: number): DateTimeFound | string {
  const dayMs = civilDayMs(Number(parts.year), month, day);
  const timeMs = timeOfDayMs(parseHour(parts), Number(parts.minute ?? 0), Number(parts.second ?? 0));
  const fractionMs = Number((parts.fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const ms = dayMs + timeMs + fractionMs - offsetMs(parts.zone);
  return Number.isNaN(ms)
    ? `${quoted(text)} is not a date and time that exists`
    : { ms, isAware: !!parts.zone };
}

function parseHour({ hour, half }: Parts): number {
  const clockHour = Number(hour ?? 0);
  if (!half) return clockHour;
  if (clockHour < 1 || clockHour > 12) return NaN;
  return (clockHour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
}

function offsetMs(zone: string | undefined): number {
  if (!zone || !/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
