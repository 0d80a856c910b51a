import { DAY_MS } from './clock-units';
import { formatInstant } from './instant';
import { getClock } from './zone-clock';

/** The date of an instant in a zone: "2026-03-04". */
export const dateAt = (instantMs: number, zone: string): string =>
  formatInstant(instantMs, zone).slice(0, 10);

/** The date some days later, or earlier. @param date "2026-03-04" */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The instant at which a date begins in a zone. Where the clocks skip midnight, it begins after the gap. */
export const startOfDate = (date: string, zone: string): number =>
  getClock(zone).resolveLocal(Date.parse(`${date}T00:00Z`));

/** The instant at which the day of another instant begins: its offset may differ if the clocks have changed since. */
export const startOfDay = (instantMs: number, zone: string): number =>
  startOfDate(dateAt(instantMs, zone), zone);
