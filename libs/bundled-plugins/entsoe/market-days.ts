// Days and hours on the clock of a zone. A day has 23 or 25 hours when the clocks change.

const DAY_MS = 86_400_000;

/** The day of a moment: `2026-03-29`. @param timezone IANA name */
export function dayAt(ms: number, timezone: string): string {
  return new Date(ms + offsetAt(ms, timezone)).toISOString().slice(0, 10);
}

/** The day that is some days later, or earlier. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** When an hour of a day begins, epoch ms. @param timezone IANA name */
export function momentOf(day: string, hour: number, timezone: string): number {
  const local = Date.parse(`${day}T00:00Z`) + hour * 3_600_000;
  // The first offset can be that of the other side of a clock change.
  const near = local - offsetAt(local, timezone);
  return local - offsetAt(near, timezone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** By how much the clock of a zone is ahead of UTC, ms. */
function offsetAt(ms: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(timezone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year, month, day, hour, minute, second } = parts as Record<string, number>;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
