import { formatInstant, ZoneClock } from '#lib/time';

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/**
 * A time of a form as ISO 8601 with offset. Other texts stay as they are, so that the API tells what is wrong with them.
 * @param local what an input of type `datetime-local` sends: "2026-03-04T07:00"
 */
export function instantOf(local: string, zone: string): string {
  if (!LOCAL.test(local)) return local;
  const asUtcMs = Date.parse(`${local}:00Z`);
  // `Date` takes 30 February for 2 March.
  const isTime = !Number.isNaN(asUtcMs) && new Date(asUtcMs).toISOString().startsWith(local);
  return isTime ? formatInstant(new ZoneClock(zone).resolveLocal(asUtcMs), zone) : local;
}

/** A moment as the value of an input of type `datetime-local`. */
export const localOf = (instantMs: number, zone: string): string =>
  formatInstant(instantMs, zone).slice(0, 16);
