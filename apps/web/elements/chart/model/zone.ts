const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Date and time of a moment on the clock of a time zone: "2026-03-04T07:00". */
export function localTime(timeMs: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}`;
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
export const zoneOffset = (timeMs: number, zone: string): number =>
  Date.parse(`${localTime(timeMs, zone)}Z`) - Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;

/**
 * The moment when a local date and time begins in a zone. A time that the clock skips begins when the clock goes on.
 * @param local "2026-03-04" or "2026-03-04T07:00"
 */
export function fromLocal(local: string, zone: string): number {
  const asUtc = Date.parse(local.includes('T') ? `${local}Z` : `${local}T00:00Z`);
  // Around a change of the clock, the offset of the first guess may be that of the other side.
  const guess = asUtc - zoneOffset(asUtc, zone);
  const moment = asUtc - zoneOffset(guess, zone);
  const isSkipped = moment + zoneOffset(moment, zone) !== asUtc;
  return isSkipped ? Math.max(guess, moment) : moment;
}

/** The date of a moment in a zone: "2026-03-04". */
export const localDate = (timeMs: number, zone: string): string => localTime(timeMs, zone).slice(0, 10);

/** A moment for people: "2026-03-04 07:00". */
export const shownTime = (timeMs: number, zone: string): string => localTime(timeMs, zone).replace('T', ' ');

/** A moment with the offset of a zone: "2026-03-04T07:00+01:00", with seconds only if there are some. */
export function isoTime(timeMs: number, zone: string): string {
  const minutes = Math.round(zoneOffset(timeMs, zone) / MINUTE_MS);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  const seconds = new Date(timeMs).toISOString().slice(16, -1).replace('.000', '').replace(/^:00$/, '');
  return `${localTime(timeMs, zone)}${seconds}${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
}

/** The date some days later. @param date "2026-03-04" */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * The label of a tick of a time axis whose times are shifted by one offset, because it knows only UTC: the date at midnight, else
 * the time. After a change of the clocks, the ticks of days are no midnights any more: they have both.
 */
export function tickLabel(shiftedMs: number, shiftMs: number, zone: string): string {
  const [date = '', time = ''] = localTime(shiftedMs - shiftMs, zone).split('T');
  if (time === '00:00') return date.slice(5);
  return shiftedMs % DAY_MS === 0 ? `${date.slice(5)} ${time}` : time;
}
