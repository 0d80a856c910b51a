import { addDays, DAY_MS, startOfDate } from '#lib/time';

/** The days that a page shows. */
export interface ShownDays {
  /** The first and the last day: "2026-03-04". */
  first: string;
  last: string;
  startMs: number;
  endMs: number;
  /** Why the days that were asked for are not shown. */
  problem?: string;
}

const MAX_DAYS = 30;
const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads the first and the last day from the query of a page. By default, these are the days around today.
 * @param today in the zone
 */
export function readDays(query: Readonly<Record<string, unknown>>, today: string, zone: string): ShownDays {
  const usual = [addDays(today, -1), addDays(today, 1)] as const;
  const { first, last } = query;
  if (first === undefined && last === undefined) return windowOf(...usual, zone);
  if (!isDate(first) || !isDate(last))
    return { ...windowOf(...usual, zone), problem: 'Give both days as YYYY-MM-DD.' };
  const count = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  if (count < 1)
    return { ...windowOf(...usual, zone), problem: 'The last day must not be before the first.' };
  if (count > MAX_DAYS)
    return { ...windowOf(...usual, zone), problem: `Give at most ${MAX_DAYS} days, not ${count}.` };
  return windowOf(first, last, zone);
}

const isDate = (text: unknown): text is string =>
  typeof text === 'string' && DATE.test(text) && !Number.isNaN(Date.parse(text));

const windowOf = (first: string, last: string, zone: string): ShownDays => ({
  ...{ first, last },
  startMs: startOfDate(first, zone),
  endMs: startOfDate(addDays(last, 1), zone),
});
