import { addDays, DAY_MS, fromLocal, localDate } from './zone';

/** A period of whole days: the first and the last one. */
export interface Period {
  first: string;
  last: string;
}

export type Preset = 'today' | 'around' | 'week' | 'month';

export const PRESETS: Record<Preset, string> = {
  today: 'Today',
  around: '3 days',
  week: '7 days',
  month: 'Month',
};

/** A period relative to now. */
export function presetPeriod(preset: Preset, nowMs: number, zone: string): Period {
  const today = localDate(nowMs, zone);
  switch (preset) {
    case 'today':
      return { first: today, last: today };
    case 'around':
      return { first: addDays(today, -1), last: addDays(today, 1) };
    case 'week':
      return { first: addDays(today, -6), last: today };
    case 'month': {
      const first = `${today.slice(0, 7)}-01`;
      return { first, last: addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1) };
    }
  }
}

/** The period of the same length before or after another one. */
export function shiftPeriod({ first, last }: Period, direction: -1 | 1): Period {
  const days = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
  return { first: addDays(first, direction * days), last: addDays(last, direction * days) };
}

/** Start and end of a period, epoch milliseconds. */
export const periodWindow = ({ first, last }: Period, zone: string): { startMs: number; endMs: number } => ({
  startMs: fromLocal(first, zone),
  endMs: fromLocal(addDays(last, 1), zone),
});

const DATE = /^\d{4}-\d\d-\d\d$/;

/** Reads a period; undefined if it is not one. */
export function readPeriod(
  first: string | null | undefined,
  last: string | null | undefined,
): Period | undefined {
  const isValid = [first, last].every((date) => DATE.test(date ?? '') && !Number.isNaN(Date.parse(date!)));
  return isValid && first! <= last! ? { first: first!, last: last! } : undefined;
}
