import { parse } from 'tinyduration';
import { shown } from '#lib/errors';
import { DAY_MS, HOUR_MS, MAX_INSTANT_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from './clock-units';
import { MAX_TIME_LENGTH, tooLong } from './text-length';
import { TimeError } from './time-error';
import { getClock } from './zone-clock';

/**
 * The parts of an ISO 8601 duration, all zero or positive; `negative` negates the whole. Years, months, weeks and days are
 * nominal: their length depends on the calendar. Only seconds, minutes and hours can have a fraction.
 */
export interface Duration {
  years?: number;
  months?: number;
  weeks?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  negative?: boolean;
}

const number = String.raw`\d+(?:[.,]\d+)?`;
const timePart = `(?:T(?=\\d)(?:${number}H)?(?:${number}M)?(?:${number}S)?)?`;
const durationPattern = new RegExp(
  `^[+-]?P(?=[\\dT])(?:${number}Y)?(?:${number}M)?(?:${number}W)?(?:${number}D)?${timePart}$`,
);
const fractionBeforeAnotherPart = /[.,]\d+[A-Z]+\d/;
const fractionOfMonthOrYear = /^[^T]*[.,]\d+[YM]/;

/**
 * Parses an ISO 8601 duration: `PT15M`, `P1D`, `P2W`, `P1M`, `-PT10M`, `PT0.5H`. Only the last part can have a fraction.
 * Fractions of weeks and days are converted to hours (`P0.5D` is 12 hours); fractions of months and years are invalid.
 *
 * @throws TimeError INVALID_DURATION
 */
export function parseDuration(text: string): Duration {
  if (text.length > MAX_TIME_LENGTH) throw invalid(text);
  const trimmed = text.trim();
  if (!durationPattern.test(trimmed) || fractionBeforeAnotherPart.test(trimmed)) throw invalid(text);
  if (fractionOfMonthOrYear.test(trimmed)) {
    throw new TimeError(
      'INVALID_DURATION',
      `"${shown(text)}" has a fraction of a month or year, which has no length.`,
    );
  }
  const duration = withWholeDays(parse(trimmed.replace(/^\+/, '')));
  const { years = 0, months = 0, ...rest } = duration;
  if (!(exactMs(rest) + (years * 366 + months * 31) * DAY_MS <= MAX_INSTANT_MS)) {
    throw new TimeError('INVALID_DURATION', `The duration "${shown(text)}" is too long.`);
  }
  return duration;
}

/** Parses a duration and converts it to milliseconds; see parseDuration and durationToMs for the errors. */
export function parseDurationMs(text: string): number {
  return durationToMs(parseDuration(text));
}

/**
 * Formats milliseconds as an ISO 8601 duration in hours, minutes and seconds: `PT15M`, `PT24H` for a day, `PT0H` for zero,
 * `-PT10M`.
 *
 * @throws TimeError INVALID_DURATION for a number that is not finite
 */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) throw invalid(String(ms));
  const size = Math.round(Math.abs(ms));
  if (size === 0) return 'PT0H';
  const hours = Math.floor(size / HOUR_MS);
  const minutes = Math.floor((size % HOUR_MS) / MINUTE_MS);
  const seconds = (size % MINUTE_MS) / SECOND_MS;
  const parts = [
    hours > 0 ? `${hours}H` : '',
    minutes > 0 ? `${minutes}M` : '',
    seconds > 0 ? `${seconds}S` : '',
  ];
  return `${ms < 0 ? '-' : ''}PT${parts.join('')}`;
}

/** Whether the duration contains years, months, weeks or days, so that its length depends on the calendar. */
export function isNominal(duration: Duration): boolean {
  return Boolean(duration.years || duration.months || duration.weeks || duration.days);
}

/**
 * Length in whole milliseconds; a day is 24 hours and a week 7 days.
 *
 * @throws TimeError NOMINAL_DURATION if it contains months or years
 */
export function durationToMs(duration: Duration): number {
  if (duration.years || duration.months) {
    const reason =
      'A duration in months or years has no fixed length here. Give it in days or smaller units.';
    throw new TimeError('NOMINAL_DURATION', reason);
  }
  return signOf(duration) * Math.round(exactMs(duration)) + 0;
}

/**
 * The instant `times` durations after `instantMs` (before it if negative). Years, months, weeks and days change the local
 * time, so that a day later is the same time of day, also if a clock change makes the day 23 or 25 hours long. The day of the
 * month is limited to the end of the month, once and from the start (31 January plus two times P1M is 31 March). A skipped
 * local time moves forward; of a repeated local time, the first is used. Hours, minutes and seconds are added last, exactly.
 *
 * @throws TimeError INVALID_TIMEZONE, or INVALID_DATETIME beyond the range of dates
 */
export function addDuration(instantMs: number, duration: Duration, zone: string, times = 1): number {
  const { hours, minutes, seconds } = duration;
  const count = signOf(duration) * times;
  let resultMs = instantMs;
  if (isNominal(duration) && count !== 0) {
    const clock = getClock(zone);
    const months = (duration.years ?? 0) * 12 + (duration.months ?? 0);
    const days = (duration.weeks ?? 0) * 7 + (duration.days ?? 0);
    const startMs = clock.instantToLocal(instantMs);
    const movedMs = addMonths(startMs, months * count);
    resultMs = clock.resolveLocal(movedMs + days * count * DAY_MS);
  }
  resultMs += Math.round(exactMs({ hours, minutes, seconds }) * count);
  if (!(Math.abs(resultMs) <= MAX_INSTANT_MS)) {
    throw new TimeError('INVALID_DATETIME', 'The datetime plus the duration is beyond the range of dates.');
  }
  return resultMs;
}

/** Moves a wall-clock time, written as if it were UTC, by months; the day is cut to the month's end. */
function addMonths(localMs: number, months: number): number {
  const date = new Date(localMs);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months + 1, 0);
  return date.setUTCDate(Math.min(day, date.getUTCDate()));
}

function exactMs({ weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration): number {
  return weeks * WEEK_MS + days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
}

/** Converts fractions of weeks and days to days and hours; half a day is always 12 hours. */
function withWholeDays(duration: Duration): Duration {
  const { weeks = 0, days = 0 } = duration;
  if (Number.isInteger(weeks) && Number.isInteger(days)) return duration;
  const daysOfFraction = (weeks % 1) * 7 + days;
  return {
    ...duration,
    weeks: Math.floor(weeks),
    days: Math.floor(daysOfFraction),
    hours: (daysOfFraction % 1) * 24 + (duration.hours ?? 0),
  };
}

function signOf(duration: Duration): 1 | -1 {
  return duration.negative ? -1 : 1;
}

function invalid(text: string): TimeError {
  return new TimeError(
    'INVALID_DURATION',
    `"${shown(text)}" is not a valid ISO 8601 duration, such as PT15M or P1D.${tooLong(text)}`,
  );
}
