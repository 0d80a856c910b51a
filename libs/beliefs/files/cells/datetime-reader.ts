import { civilDayMs, timeOfDayMs } from './civil-time';
import { DateFormat } from './date-format';
import { readOtherDateTime, type DateOrder } from './datetime-text';

const COLON = 0x3a;
const DASH = 0x2d;
const DOT = 0x2e;
const COMMA = 0x2c;
const PLUS = 0x2b;
const SPACE = 0x20;
const MINUTE_MS = 60_000;

/**
 * Parses datetimes from bytes. ISO 8601 (`2024-05-01T13:00:00+02:00`; a space can replace the T; seconds, zone and time are
 * optional) is parsed without allocations; other forms are parsed by `readOtherDateTime`.
 *
 * If `read` returns true, `ms` and `isAware` are the result; if false, `reason` is the reason.
 */
export class DateTimeReader {
  /** Epoch ms if the text has an offset; otherwise the local time, as if it were UTC. */
  ms = NaN;
  isAware = false;
  reason = '';
  /** Whether the last reason is a date with an ambiguous order of day and month. */
  isOrderMissing = false;
  private lastDate = -1;
  private lastDayMs = NaN;
  private readonly order: DateOrder;
  private readonly format: DateFormat | undefined;

  /**
   * @param dayFirst whether 01/02/2024 is the first of February; undefined: determined from the dates of the file
   * @param remedy advice for the message about dates with an ambiguous order
   * @param format the only format of the dates, with the codes of strftime
   * @throws DomainError INVALID_DATE_FORMAT
   */
  constructor(dayFirst?: boolean, remedy = 'write dates as YYYY-MM-DD', format?: string) {
    this.order = { dayFirst, remedy };
    this.format = format === undefined ? undefined : new DateFormat(format);
  }

  /** How the first date with a year of two digits was read, if the order of its parts was not given. */
  get shortYear(): DateOrder['shortYear'] {
    return this.order.shortYear;
  }

  /** Parses the datetime in `bytes[start, end)`, which must be trimmed. */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (!this.format && this.readIso(bytes, start, end)) return true;
    const text = bytes.toString('utf8', start, end);
    const found = this.format ? this.format.read(text) : readOtherDateTime(text, this.order);
    if (typeof found === 'string') {
      this.reason = found;
      this.isOrderMissing = this.order.dayFirst === undefined && found.endsWith(this.order.remedy);
      return false;
    }
    this.ms = found.ms;
    this.isAware = found.isAware;
    return true;
  }

  private readIso(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < 10 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return false;
    const century = twoDigits(bytes, start);
    const year = twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    if ((century | year | month | day) < 0) return false;
    const dayMs = this.dayMs(century * 100 + year, month, day);
    if (end - start === 10) {
      this.isAware = false;
      this.ms = dayMs;
      return dayMs === dayMs;
    }
    return this.readTime(bytes, start + 10, end, dayMs);
  }

  /** Reads `THH:MM[:SS[.fff]][zone]` from `at`. */
  private readTime(bytes: Buffer, at: number, end: number, dayMs: number): boolean {
    const separator = bytes[at]! | 0x20;
    if ((separator !== 0x74 && separator !== SPACE) || at + 6 > end || bytes[at + 3] !== COLON) return false;
    const hour = twoDigits(bytes, at + 1);
    const minute = twoDigits(bytes, at + 4);
    let second = 0;
    let fractionMs = 0;
    let next = at + 6;
    if (next < end && bytes[next] === COLON) {
      if (next + 3 > end) return false;
      second = twoDigits(bytes, next + 1);
      next += 3;
      if (next < end && (bytes[next] === DOT || bytes[next] === COMMA)) {
        const digits = next + 1;
        next = digits;
        let unit = 100;
        // Beliefs have a precision of milliseconds; further digits are ignored.
        for (let digit; next < end && (digit = bytes[next]! - 48) >= 0 && digit <= 9; next++) {
          if (next < digits + 3) fractionMs += digit * unit;
          unit /= 10;
        }
        if (next === digits) return false;
      }
    }
    if ((hour | minute | second) < 0) return false;
    const localMs = dayMs + timeOfDayMs(hour, minute, second) + fractionMs;
    if (localMs !== localMs) return false;
    return this.readZone(bytes, next, end, localMs);
  }

  /** Reads nothing, `Z`, or `[+-]HH[[:]MM]`, from `at` to the end. */
  private readZone(bytes: Buffer, at: number, end: number, localMs: number): boolean {
    this.ms = localMs;
    this.isAware = at < end;
    if (at === end) return true;
    const sign = bytes[at]!;
    if ((sign | 0x20) === 0x7a) return at + 1 === end;
    if (sign !== PLUS && sign !== DASH) return false;
    const digits = at + 1;
    const minutesAt = bytes[digits + 2] === COLON && end - digits === 5 ? digits + 3 : digits + 2;
    if (end !== minutesAt + 2 && end !== digits + 2) return false;
    const hours = twoDigits(bytes, digits);
    const minutes = end === digits + 2 ? 0 : twoDigits(bytes, minutesAt);
    if ((hours | minutes) < 0 || hours > 23 || minutes > 59) return false;
    const offsetMs = (hours * 60 + minutes) * MINUTE_MS;
    this.ms = sign === PLUS ? localMs - offsetMs : localMs + offsetMs;
    return true;
  }

  /** Caches the last date, as consecutive rows mostly have the same date. */
  private dayMs(year: number, month: number, day: number): number {
    const date = (year * 13 + month) * 100 + day;
    if (date !== this.lastDate) {
      this.lastDate = date;
      this.lastDayMs = civilDayMs(year, month, day);
    }
    return this.lastDayMs;
  }
}

/** The number of the two digits at `at`, or -1. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
