const DAY_MS = 86_400_000;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Midnight (UTC) of a day of the Gregorian calendar, in epoch ms; NaN if the day does not exist.
 * The day count follows H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil: years start in March, so
 * that the leap day is the last day.
 */
export function civilDayMs(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NaN;
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * DAY_MS;
}

function daysInMonth(year: number, month: number): number {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeapYear ? 29 : DAYS_IN_MONTH[month - 1]!;
}

/** Milliseconds since midnight; NaN if the time does not exist. 24:00 is the end of the day. */
export function timeOfDayMs(hour: number, minute: number, second: number): number {
  if (minute > 59 || second > 59 || hour > 24 || (hour === 24 && minute + second > 0)) return NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}
