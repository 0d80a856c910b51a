import { formatInstant, ZoneClock } from '#lib/time';

/** Browsers add seconds if there are some; people who type a time may write a space. */
const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d{1,3})?)?$/;

/**
 * A time of a form as ISO 8601 with offset. Other texts stay as they are, so that the API tells what is wrong with them.
 * @param local what an input of type `datetime-local` sends: "2026-03-04T07:00"
 * @param nowMs if the clock shows the time twice, the later moment is meant as soon as the earlier one is before this
 */
export function instantOf(local: string, zone: string, nowMs = -Infinity): string {
  const [, date, time, seconds = '00'] = LOCAL.exec(local) ?? [];
  if (date === undefined) return local;
  const text = `${date}T${time}:${seconds}`;
  const asUtcMs = Date.parse(`${text}Z`);
  // `Date` takes 30 February for 2 March.
  const isTime = !Number.isNaN(asUtcMs) && new Date(asUtcMs).toISOString().startsWith(text);
  return isTime ? formatInstant(momentOf(asUtcMs, zone, nowMs), zone) : local;
}

function momentOf(localMs: number, zone: string, nowMs: number): number {
  const clock = new ZoneClock(zone);
  const found = clock.localToInstant(localMs);
  return found.kind === 'ambiguous' && found.first < nowMs ? found.second : clock.resolveLocal(localMs);
}

/** A moment as the value of an input of type `datetime-local`. */
export const localOf = (instantMs: number, zone: string): string =>
  formatInstant(instantMs, zone).slice(0, 16);
