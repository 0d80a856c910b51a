import { MAX_TIME_LENGTH } from '#lib/time';

const ISO = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/i;
const CLOCK = /^([+-]?)(?:(\d+) days?,? ?)?(?:([+-]?)(\d+):([0-5]\d)(?::([0-5]\d(?:[.,]\d+)?))?)?$/i;

/**
 * Parses a timedelta to seconds: an ISO 8601 duration (PT1H30M), a time (01:30:00), or days and a time in the notation of
 * pandas (`1 days 01:30:00`, `-1 days +22:30:00`); undefined for other texts. Months and years are not supported, as they have
 * no fixed length.
 */
export function timedeltaSeconds(text: string): number | undefined {
  if (text.length > MAX_TIME_LENGTH) return undefined;
  const iso = ISO.exec(text);
  if (iso && /\d/.test(text)) {
    const [, sign, weeks, days, hours, minutes, seconds] = iso;
    const total = (number(weeks) * 7 + number(days)) * 86_400 + inSeconds(hours, minutes, seconds);
    return sign === '-' ? -total + 0 : total;
  }
  const clock = CLOCK.exec(text);
  if (!clock || !/\d/.test(text)) return undefined;
  const [, sign, days, clockSign, hours, minutes, seconds] = clock;
  const time = inSeconds(hours, minutes, seconds) * (clockSign === '-' ? -1 : 1);
  // With days, the sign applies only to the days, as in pandas.
  if (days !== undefined) return (sign === '-' ? -1 : 1) * number(days) * 86_400 + time;
  return sign === '-' ? -time + 0 : time;
}

function inSeconds(hours?: string, minutes?: string, seconds?: string): number {
  return number(hours) * 3600 + number(minutes) * 60 + number(seconds);
}

function number(digits: string | undefined): number {
  return Number((digits ?? '0').replace(',', '.'));
}
